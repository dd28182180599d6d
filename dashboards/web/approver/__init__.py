"""The approver's first screen: what waits for a second person, with age and sums."""

from dashboards.web.approver import pages

TOPICS = ()
ROUTERS = (pages.router,)
