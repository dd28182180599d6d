"""The JSON API: one file a noun, every route under `/api/v1`."""

from dashboards.api import (
    accounts,
    audit_log,
    care_beds,
    elders,
    sessions,
)

ROUTERS = (
    sessions.router,
    sessions.own,
    elders.router,
    care_beds.router,
    accounts.router,
    audit_log.router,
)
