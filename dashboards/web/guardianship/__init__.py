"""Guardianship at the civil-affairs desk."""

from dashboards.web.guardianship import pages

TOPICS = ()
ROUTERS = (pages.router,)
