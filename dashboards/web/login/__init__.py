"""Logging in."""

from dashboards.web.login import codes
from dashboards.web.login.pages import router

TOPICS = ()
ROUTERS = (router, codes.router)
__all__ = ["ROUTERS", "TOPICS"]
