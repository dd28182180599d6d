"""The caregiver's phone."""

from dashboards.web.caregiver.feed import TOPIC
from dashboards.web.caregiver.pages import router

TOPICS = (TOPIC,)
__all__ = ["TOPICS", "router"]
