"""The duty manager's pages: rota, wallboard, answer times, quality of calls, staffing, paused monitoring."""

from dashboards.web.duty.acting import router as acting
from dashboards.web.duty.kpi import router as kpi
from dashboards.web.duty.mine import router as mine
from dashboards.web.duty.pauses import router as pauses
from dashboards.web.duty.quality import router as quality
from dashboards.web.duty.staffing import router as staffing
from dashboards.web.duty.wall import TOPIC
from dashboards.web.duty.wall import router as wall
from dashboards.web.duty.week import router as week

TOPICS = (TOPIC,)
ROUTERS = (week, acting, mine, wall, kpi, quality, staffing, pauses)
__all__ = ["ROUTERS", "TOPICS"]
