"""Alarm rules: pure decisions over what devices said and how long ago; the same code live and in a replay."""
