"""The planner's face: a day as it stands and as it is proposed, moved by hand, repaired."""

from dashboards.web.plan import moving, pages, running

TOPICS = ()
ROUTERS = (pages.router, running.router, moving.router)
__all__ = ["ROUTERS", "TOPICS"]
