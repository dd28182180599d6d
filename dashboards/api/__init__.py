"""The JSON API: one file a noun, every route under `/api/v1`."""

from dashboards.api import (
    accounts,
    assessments,
    audit_log,
    care_beds,
    caregivers,
    cases,
    claims,
    elders,
    entitlements,
    providers,
    schemes,
    sessions,
    visits,
)

ROUTERS = (
    sessions.router,
    sessions.own,
    elders.router,
    care_beds.router,
    cases.router,
    visits.router,
    caregivers.router,
    providers.router,
    assessments.router,
    schemes.router,
    entitlements.router,
    claims.router,
    accounts.router,
    audit_log.router,
)
