"""The administrator's pages."""

from dashboards.web.admin.pages import router

TOPICS = ()
ROUTERS = (router,)
__all__ = ["ROUTERS", "TOPICS"]
