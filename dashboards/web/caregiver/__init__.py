"""The caregiver's phone."""

from dashboards.web.caregiver.feed import TOPIC
from dashboards.web.caregiver.pages import router

TOPICS = (TOPIC,)
ROUTERS = (router,)
__all__ = ["ROUTERS", "TOPICS"]
