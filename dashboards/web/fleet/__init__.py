"""The pages of devices: the fleet, and one device."""

from dashboards.web.fleet.acting import router as acting
from dashboards.web.fleet.export import router as export
from dashboards.web.fleet.pages import router as pages

TOPICS = ()
ROUTERS = (export, pages, acting)
__all__ = ["ROUTERS", "TOPICS"]
