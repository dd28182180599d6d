"""The phone that rings at an operator's seat: which it is, and another one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core import districts
from core.errors import Invalid
from core.events import OPERATORS
from core.phones import BadNumber, Number
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, show, wrongs
from dispatch import fields
from dispatch.telephony import bridging
from dispatch.telephony.desk import NAME as BY_HAND

router = APIRouter(prefix="/console/desk-phone", route_class=Guarded, include_in_schema=False)
Operator = Annotated[Scope, allow(*OPERATORS)]
Text = Annotated[str, Form(max_length=40)]


@router.get("")
async def form(request: Request, scope: Operator, *, kept: bool = False) -> Response:
    """Show which phone rings at this seat."""
    return await _form(request, scope, is_kept=kept)


@router.post("")
async def keep(request: Request, scope: Operator, number: Text = "") -> Response:
    """Set the phone of this seat; an empty number takes it away."""
    try:
        await bridging.set_desk(scope.conn, scope.keys, scope.person, number.replace("\0", ""), scope.now)
    except BadNumber as bad:
        wrong = fields.wrong("number", f"desk_{bad.code}", "no phone of a seat")
        return await _form(request, scope, number=number, wrong=wrong)
    return back(request, "/console/desk-phone?kept=1")


async def number_of(scope: Scope) -> Number | None:
    """Return the phone that rings at the reader's seat, or None."""
    return await bridging.desk_of(scope.conn, scope.keys, scope.person.district_id, scope.person.account_id)


async def _form(
    request: Request, scope: Scope, *, number: str = "", is_kept: bool = False, wrong: Invalid | None = None
) -> Response:
    district, account = scope.person.district_id, scope.person.account_id
    seat = await bridging.seat_of(scope.conn, scope.keys, district, account)
    carrier = (await districts.settings(scope.conn, district)).carrier
    return show(
        request,
        scope,
        "inbound/desk_phone.html",
        status=wrong.status if wrong else 200,
        seat=bridging.masked(seat.number),
        own=bridging.masked(seat.own),
        is_rung=carrier != BY_HAND,
        number=number,
        is_kept=is_kept,
        errors=wrongs(scope, wrong) if wrong else {},
    )
