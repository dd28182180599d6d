"""The civil-affairs desk."""

from dashboards.web.desk import assessing, export, pages

TOPICS = ()
ROUTERS = (pages.router, export.router, assessing.router)
