"""The call centre's console."""

from dashboards.web.console.feed import TOPIC
from dashboards.web.console.pages import router

TOPICS = (TOPIC,)
ROUTERS = (router,)
__all__ = ["ROUTERS", "TOPICS"]
