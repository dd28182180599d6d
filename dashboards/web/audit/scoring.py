"""Each provider's score of a month, with the formula and every figure in it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboards.auth import Guarded
from dashboards.web.audit.buying import Staff
from dashboards.web.desk.pages import Month, beside, month_in
from dashboards.web.pages import show
from services import provider_scores, scores

router = APIRouter(prefix="/audit", route_class=Guarded, include_in_schema=False)


@router.get("/scores")
async def show_scores(request: Request, scope: Staff, month: Month | None = None) -> Response:
    """Show the providers' scores, the best first; who has none stands last."""
    wanted = month_in(scope, month)
    found = await provider_scores.of_month(scope.conn, wanted)
    ranked = sorted(found, key=lambda one: (one.score.points is None, -(one.score.points or 0), one.provider))
    return show(
        request,
        scope,
        "audit/scores.html",
        scored=ranked,
        rules=scores.RULES,
        month=wanted,
        **beside(wanted),
    )
