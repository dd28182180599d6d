"""Findings of the fraud checks and seeded samples: who looks, decides and asks."""

from dashboards.web.fraud import pages, sampling

TOPICS = ()
ROUTERS = (pages.router, sampling.router)
