"""The assessor's tablet: what waits, today's round, the form that works without a network, who goes where."""

from dashboards.web.assessor import pages, sending, wanted

TOPICS = ()
ROUTERS = (pages.router, sending.router, wanted.router)
