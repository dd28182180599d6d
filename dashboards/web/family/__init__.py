"""The family's page."""

from dashboards.web.family import alert, applications, assessment, care, me, phone, shell, visits, vitals
from dashboards.web.family.feed import TOPIC
from dashboards.web.family.pages import router

TOPICS = (TOPIC,)
ROUTERS = (
    *(shell.router, router, alert.router, vitals.router, visits.router, phone.router),
    *(care.router, assessment.router, applications.router, me.router),
)
__all__ = ["ROUTERS", "TOPICS"]
