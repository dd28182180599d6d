"""The desk: who lives (proofs of life), who has died, and where a person's allowances are paid."""

from dashboards.web.lives import events, pages

TOPICS = ()
ROUTERS = (pages.router, events.router)
