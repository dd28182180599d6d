"""Coming in by an invitation."""

from dashboards.web.joining.pages import router

TOPICS = ()
ROUTERS = (router,)
__all__ = ["ROUTERS", "TOPICS"]
