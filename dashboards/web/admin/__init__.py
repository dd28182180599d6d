"""The administrator's pages."""

from dashboards.web.admin.letters import router as letters
from dashboards.web.admin.pages import router as pages
from dashboards.web.admin.protocols import router as protocols
from dashboards.web.admin.rules import router as rules

TOPICS = ()
ROUTERS = (letters, pages, rules, protocols)
__all__ = ["ROUTERS", "TOPICS"]
