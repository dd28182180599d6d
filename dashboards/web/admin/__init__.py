"""The administrator's pages."""

from dashboards.web.admin.pages import router

TOPICS = ()
__all__ = ["TOPICS", "router"]
