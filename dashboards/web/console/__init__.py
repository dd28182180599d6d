"""The call centre's console."""

from dashboards.web.console.feed import TOPIC
from dashboards.web.console.pages import router

TOPICS = (TOPIC,)
__all__ = ["TOPICS", "router"]
