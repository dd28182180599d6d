"""The administrator's pages."""

from dashboards.web.admin.letters import router as letters
from dashboards.web.admin.pages import router as pages
from dashboards.web.admin.rules import router as rules

TOPICS = ()
ROUTERS = (letters, pages, rules)
__all__ = ["ROUTERS", "TOPICS"]
