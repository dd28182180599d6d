"""The civil-affairs desk."""

from dashboards.web.desk import assessing, export, pages, schemes, settlement, settling

TOPICS = ()
ROUTERS = (pages.router, export.router, assessing.router, settling.router, settlement.router, schemes.router)
