"""The caregiver's phone."""

from dashboards.web.caregiver import pages, shell
from dashboards.web.caregiver.feed import TOPIC

TOPICS = (TOPIC,)
ROUTERS = (pages.router, shell.router)
__all__ = ["ROUTERS", "TOPICS"]
