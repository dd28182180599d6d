"""The caregiver's phone."""

from dashboards.web.caregiver import openings, pages, shell
from dashboards.web.caregiver.feed import TOPIC

TOPICS = (TOPIC,)
ROUTERS = (pages.router, openings.router, shell.router)
__all__ = ["ROUTERS", "TOPICS"]
