"""EMQX 5: its configuration, the role that asks the registry, and what we need of its HTTP API."""
