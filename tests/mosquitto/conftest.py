"""A bed with a mat and a gateway, as the gateway's tests have them."""

from tests.gateway.conftest import gateway, mat, world

__all__ = ["gateway", "mat", "world"]
