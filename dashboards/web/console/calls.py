"""One key calls somebody about a case, another says what came of it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core import events
from core.errors import Conflict, Invalid, NotFound
from dashboards import visible
from dashboards.auth import Guarded, Scope
from dashboards.web.console.pages import Code, Operator, Text, answer_case
from dashboards.web.pages import back, is_partial
from dispatch import cases
from dispatch.telephony import bridging
from dispatch.telephony import calls as calls_

router = APIRouter(prefix="/console", route_class=Guarded, include_in_schema=False)
UNCLAIMED = ("raised", "returned")
KIND = "call"


@router.post("/cases/{case_id}/ring")
async def ring(
    request: Request,
    scope: Operator,
    case_id: UUID,
    target: Code = "",
    target_id: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Call somebody; whoever calls about a case that nobody has, claims it with that."""
    await visible.check(scope, "case", case_id)
    whom = await _whom(scope, target, target_id)

    async def do() -> UUID:
        row = await cases.lock(scope.conn, case_id)
        if row["state"] in UNCLAIMED:
            await cases.claim(scope.conn, case_id, scope.person, scope.now)
        given: dict[str, Any] = {"case": case_id, "by": scope.person, "target": target, "target_id": whom}
        call = await bridging.bridge(scope.conn, scope.keys, now=scope.now, **given)
        identity: UUID = call["id"]
        return identity

    return await _answer(request, scope, case_id, do)


@router.post("/calls/{phone_call_id}/outcome")
async def outcome(
    request: Request, scope: Operator, phone_call_id: UUID, result: Code = "", note: Text = ""
) -> Response:
    """Say what came of a call."""
    case = await _case_of(scope, phone_call_id)

    async def do() -> UUID:
        await bridging.outcome(scope.conn, phone_call_id, scope.person, scope.now, result, note or None)
        return phone_call_id

    return await _answer(request, scope, case, do)


@router.post("/calls/{phone_call_id}/hang-up")
async def hang_up(request: Request, scope: Operator, phone_call_id: UUID) -> Response:
    """Hang up what a carrier connects."""
    case = await _case_of(scope, phone_call_id)

    async def do() -> UUID:
        await bridging.hang_up(scope.conn, phone_call_id, scope.person, scope.now)
        return phone_call_id

    return await _answer(request, scope, case, do)


async def _whom(scope: Scope, target: str, text: str) -> UUID | None:
    """Return the family member or caregiver who is called, of this district; raise NotFound."""
    if not text:
        return None
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound("nobody of that id") from None
    await visible.check(scope, "caregiver" if target == "caregiver" else "member", found)
    return found


async def _case_of(scope: Scope, call: UUID) -> UUID:
    row = await calls_.find(scope.conn, call)
    if row["case_id"] is None:
        raise NotFound(f"no call {call} of a case")
    case: UUID = row["case_id"]
    return case


async def _answer(request: Request, scope: Scope, case: UUID, do: Callable[[], Awaitable[UUID]]) -> Response:
    try:
        async with scope.conn.transaction():
            call = await do()
    except (Conflict, Invalid) as problem:
        return await answer_case(request, scope, case, problem, "call")
    await events.write(
        scope.conn,
        district=scope.person.district_id,
        kind=KIND,
        subject=call,
        roles=events.OPERATORS,
        at=scope.now,
        case=case,
    )
    if is_partial(request):
        return await answer_case(request, scope, case)
    return back(request, f"/console/cases/{case}")
