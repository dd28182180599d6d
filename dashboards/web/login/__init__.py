"""Logging in."""

from dashboards.web.login.pages import router

TOPICS = ()
ROUTERS = (router,)
__all__ = ["ROUTERS", "TOPICS"]
