"""The installer's phone: homes, scan, install test, unknown devices, replacement."""

from dashboards.web.installer.adopting import router as adopting
from dashboards.web.installer.lists import router as lists
from dashboards.web.installer.pages import router as pages
from dashboards.web.installer.testing import router as testing

TOPICS = ()
ROUTERS = (pages, testing, adopting, lists)
__all__ = ["ROUTERS", "TOPICS"]
