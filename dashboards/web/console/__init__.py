"""The call centre's console."""

from dashboards.web.console.asking import router as asking
from dashboards.web.console.calls import router as calls
from dashboards.web.console.feed import TOPIC
from dashboards.web.console.incidents import router as incidents
from dashboards.web.console.pages import router as pages
from dashboards.web.console.seats import router as seats
from dashboards.web.console.technical import router as technical

TOPICS = (TOPIC,)
ROUTERS = (pages, asking, seats, calls, technical, incidents)
__all__ = ["ROUTERS", "TOPICS"]
