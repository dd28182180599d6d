"""The civil-affairs desk."""

from dashboards.web.desk import (
    assessing,
    cards,
    contacting,
    export,
    gaps,
    pages,
    schemes,
    settlement,
    settling,
)

TOPICS = ()
ROUTERS = (
    *(pages.router, export.router, assessing.router, settling.router, settlement.router, schemes.router),
    *(cards.router, contacting.router, gaps.router),
)
