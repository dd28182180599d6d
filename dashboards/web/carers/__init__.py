"""What phones brought for others: alarms, refused records, changed conditions; the home's code."""

from dashboards.web.carers import alarms, codes, desk

TOPICS = ()
ROUTERS = (alarms.router, codes.router, desk.router)
__all__ = ["ROUTERS", "TOPICS"]
