"""The provider manager's roster: the week, the month, people, wishes, coverage, sheets."""

from dashboards.web.roster.acting import router as acting
from dashboards.web.roster.agreed import router as agreed
from dashboards.web.roster.importing import router as importing
from dashboards.web.roster.pages import router as pages
from dashboards.web.roster.people import router as people

TOPICS = ()
ROUTERS = (pages, people, agreed, importing, acting)
__all__ = ["ROUTERS", "TOPICS"]
