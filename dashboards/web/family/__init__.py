"""The family's page."""

from dashboards.web.family import applications, assessment, care
from dashboards.web.family.feed import TOPIC
from dashboards.web.family.pages import router

TOPICS = (TOPIC,)
ROUTERS = (router, care.router, assessment.router, applications.router)
__all__ = ["ROUTERS", "TOPICS"]
