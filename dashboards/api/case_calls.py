"""Calls about a case: one key rings the operator's phone and then the other, or says what to dial."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, StringConstraints

from core.errors import Invalid, NotFound
from core.phones import BadNumber
from dashboards import visible
from dashboards.api.shapes import CENTRE, Code, Given, Note, Shape, plain
from dashboards.auth import Guarded, Scope, allow
from dispatch import cases
from dispatch.telephony import bridging, calls

router = APIRouter(prefix="/api/v1/cases/{case_id}/calls", tags=["cases"], route_class=Guarded)
seats = APIRouter(prefix="/api/v1/desk-phone", tags=["cases"], route_class=Guarded)
Centre = Annotated[Scope, allow(*CENTRE)]


class Wanted(Given):
    """Whom to call: elder, family, neighbour, caregiver, emergency_120, fire_119, police_110.

    `id` is the family member or the caregiver; `by_hand` asks no carrier.
    """

    target: Code
    id: UUID | None = None
    by_hand: bool = False


class Outcome(Given):
    """What came of a call."""

    result: Code
    note: Note | None = None


class Seat(Given):
    """The phone that rings first when this operator calls; empty for none."""

    number: Annotated[str, StringConstraints(max_length=40), AfterValidator(plain)]


class Seated(Shape):
    """The same, masked."""

    number_masked: str | None


class CaseCall(Shape):
    """A call or message of a case; `dial` is the number for a hand to dial, told once to who called."""

    id: UUID
    kind: str
    channel: str
    direction: str
    carrier: str
    target: str | None
    state: str
    code: str | None
    keys: str
    result: str | None
    account_id: UUID | None
    account_name: str | None
    elder_id: UUID | None
    family_member_id: UUID | None
    caregiver_id: UUID | None
    queued_at: datetime
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    seconds: int | None
    number_masked: str | None = None
    dial: str | None = None


class CaseCalls(Shape):
    """Every call and message of a case, newest first."""

    items: list[CaseCall]


@router.post("")
async def call(case_id: UUID, given: Wanted, scope: Centre) -> CaseCall:
    """Call somebody about a case."""
    made = await bridging.bridge(
        scope.conn,
        scope.keys,
        case=case_id,
        by=scope.person,
        target=given.target,
        target_id=given.id,
        now=scope.now,
        by_hand=given.by_hand,
    )
    return CaseCall.model_validate(made)


@router.get("")
async def list_(case_id: UUID, scope: Centre) -> CaseCalls:
    """List the calls and messages of a case."""
    await cases.find(scope.conn, case_id)
    rows = await calls.of_case(scope.conn, case_id)
    return CaseCalls(items=[CaseCall.model_validate(dict(row)) for row in rows])


@router.post("/{phone_call_id}/outcome")
async def outcome(case_id: UUID, phone_call_id: UUID, given: Outcome, scope: Centre) -> CaseCall:
    """Say what came of a call."""
    await _check(scope, case_id, phone_call_id)
    said = await bridging.outcome(
        scope.conn, phone_call_id, scope.person, scope.now, given.result, given.note
    )
    return CaseCall.model_validate(said)


@router.post("/{phone_call_id}/hang-up")
async def hang_up(case_id: UUID, phone_call_id: UUID, scope: Centre) -> CaseCall:
    """Hang up a call that a carrier makes."""
    await _check(scope, case_id, phone_call_id)
    said = await bridging.hang_up(scope.conn, phone_call_id, scope.person, scope.now)
    return CaseCall.model_validate(said)


@seats.get("")
async def seat(scope: Centre) -> Seated:
    """Show which phone rings at this seat."""
    found = await bridging.desk_of(scope.conn, scope.keys, scope.person.district_id, scope.person.account_id)
    return Seated(number_masked=bridging.masked(found))


@seats.post("")
async def set_seat(given: Seat, scope: Centre) -> Seated:
    """Set which phone rings at this seat."""
    try:
        masked = await bridging.set_desk(scope.conn, scope.keys, scope.person, given.number, scope.now)
    except BadNumber as error:
        wrong: dict[str, Any] = {"field": "number", "code": "phone"}
        raise Invalid("number: no telephone number", [wrong]) from error
    return Seated(number_masked=masked)


async def _check(scope: Scope, case: UUID, call_: UUID) -> None:
    """Raise NotFound unless the call is one of this case."""
    await cases.find(scope.conn, case)
    await visible.check(scope, "phone_call", call_)
    if (await calls.find(scope.conn, call_))["case_id"] != case:
        raise NotFound(f"no call {call_} of case {case}")
