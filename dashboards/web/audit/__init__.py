"""The auditor's desk: what waits, what was bought, for whom, was it real, what does it cost."""

from dashboards.web.audit import budget, buying, complaints, log, pages, scoring, visits

TOPICS = ()
ROUTERS = (
    pages.router,
    buying.router,
    budget.router,
    scoring.router,
    visits.router,
    log.router,
    complaints.router,
)
