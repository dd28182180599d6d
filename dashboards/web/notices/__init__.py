"""Policies of escalation, notices, contact drills: pages of the duty manager and the call centre."""

from dashboards.web.notices import drills, pages, policies

ROUTERS = (policies.router, pages.router, drills.router)
TOPICS = ()
