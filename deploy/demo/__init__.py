"""The demonstration: two made-up districts, loaded once and kept over restarts; never for real use."""

from deploy.demo.loading import load

__all__ = ["load"]
