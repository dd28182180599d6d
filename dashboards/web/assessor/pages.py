"""The assessor's tablet: what waits for me, today's round of homes, the form."""

from base64 import urlsafe_b64encode
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import districts
from core import people as persons
from core.clock import local_date
from core.errors import Conflict, Invalid, Problem
from core.sealed_logins import public_key
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.caregiver.shell import page
from dashboards.web.desk import people
from dashboards.web.pages import said, wrongs
from dispatch.phone import navigation
from services import assessment_disputes, assessment_wants, assessments
from services.assessing import ORDER, RISK_EVENTS, form

router = APIRouter(prefix="/assessor", route_class=Guarded, include_in_schema=False)
Assessor = Annotated[Scope, allow("assessor")]
SHOWN = 20


@router.get("")
async def start(request: Request, scope: Assessor) -> Response:
    """Show what waits: second signatures, disputes, today's homes, what is mine and what is nobody's."""
    conn, mine = scope.conn, scope.person.account_id
    rows = await assessment_wants.list_open(conn)
    return page(
        request,
        scope,
        "assessor/start.html",
        today=local_date(scope.now),
        stops=[
            {"row": one.row, "km": one.km, "ways": navigation.links(one.row["lat"], one.row["lon"])}
            for one in await assessment_wants.today(conn, mine, scope.now)
        ],
        unsigned=await assessment_wants.unsigned(conn, mine),
        own=[row for row in rows if mine in (row["assessor_1"], row["assessor_2"])],
        open=[row for row in rows if row["assessor_1"] is None],
        disputes=await assessment_disputes.list_(conn, state="open", limit=SHOWN),
        shown=SHOWN,
        seal=sealing(scope),
    )


@router.get("/elders/{elder_id}")
async def blank(request: Request, scope: Assessor, elder_id: UUID, reason: str = "") -> Response:
    """Show the empty form of one person; a tablet keeps it for when there is no network."""
    return await show_form(request, scope, elder_id, {"reason": reason} if reason else {}, None)


async def show_form(
    request: Request, scope: Scope, elder: UUID, given: dict[str, Any], problem: Problem | None
) -> Response:
    """Show the form as it was sent, with what is wrong by field."""
    settings = await districts.settings(scope.conn, scope.person.district_id)
    wants = await assessment_wants.list_open(scope.conn, elder=elder)
    return page(
        request,
        scope,
        "assessor/form.html",
        status=problem.status if problem else 200,
        elder=await persons.find_elder(scope.conn, elder),
        wants=wants,
        groups=people.groups(scope.language),
        given={**({"reason": wants[0]["reason"]} if wants else {}), **given},
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        today=local_date(scope.now),
        reasons=assessments.REASONS,
        informants=assessments.INFORMANTS,
        most=form().most,
        rules={
            "lows": form().lows,
            "order": ORDER,
            "events": RISK_EVENTS,
            "coma_is_total": settings.coma_is_total,
            "adds_up": settings.raising_rules_add_up,
        },
        seal=sealing(scope),
    )


def sealing(scope: Scope) -> str:
    """Return the key that seals a second assessor's login on the tablet, base64url."""
    return urlsafe_b64encode(public_key(scope.keys)).decode().rstrip("=")
