"""The call centre's console."""

from dashboards.web.console.feed import TOPIC
from dashboards.web.console.incidents import router as incidents
from dashboards.web.console.pages import router as pages
from dashboards.web.console.technical import router as technical

TOPICS = (TOPIC,)
ROUTERS = (pages, technical, incidents)
__all__ = ["ROUTERS", "TOPICS"]
