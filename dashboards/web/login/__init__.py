"""Logging in."""

from dashboards.web.login.pages import router

TOPICS = ()
__all__ = ["TOPICS", "router"]
