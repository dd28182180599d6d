"""Callers: who rings, who was missed, call-backs; and cases entered by hand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core import people
from core.db import Row
from core.errors import Conflict
from core.events import OPERATORS
from dashboards import visible
from dashboards.api.shapes import CENTRE, Code, Given, Instant, Line, Note, Page, Paged, Shape, shape_of
from dashboards.api.visit_shapes import Made
from dashboards.auth import Guarded, Scope, allow
from dispatch import cases
from dispatch.inbound import calls, entering, returning
from dispatch.inbound.entering import Report
from dispatch.telephony import bridging

router = APIRouter(prefix="/api/v1", tags=["cases"], route_class=Guarded)
Centre = Annotated[Scope, allow(*CENTRE)]
Enterers = Annotated[Scope, allow(*CENTRE, "clerk")]


class NewCase(Given):
    """What was said and how it came; without `elder_id` it needs a name or a number of who said it."""

    source: Code
    type: Code
    words: Note
    severity: Annotated[int, Field(ge=1, le=5)] | None = None
    elder_id: UUID | None = None
    number: Line | None = None
    name: Line | None = None
    phone: Line | None = None
    received_at: Instant | None = None
    inbound_call_id: UUID | None = None
    complaint_id: UUID | None = None
    case_id: UUID | None = None
    """An open case that this joins instead of opening one."""
    separate: bool = False
    """Open another case although this person has an open one."""
    claim: bool = False


class InboundCall(Shape):
    """A call to us; the number is masked, and empty when it was withheld."""

    id: UUID
    number: str
    elder_id: UUID | None
    arrived_at: datetime
    taken_by: UUID | None
    taken_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    case_id: UUID | None
    tries: int
    returned_at: datetime | None
    returned_how: str | None


class CallBack(Shape):
    """One number to call back: `id` is its newest call."""

    id: UUID
    number: str
    names: str | None
    elders: str | None
    calls: int
    first_at: datetime
    last_at: datetime
    tries: int
    reasons: list[str]
    case_id: UUID | None


class CallBacks(Shape):
    """Everybody who is to be called back, who was missed first on top."""

    items: list[CallBack]


class Result(Given):
    """What came of a call back: answered, no_answer, busy, wrong_number or written_off."""

    result: Code


@router.post("/cases", status_code=201, responses={409: {"description": "an open case, by its id"}})
async def enter(given: NewCase, scope: Enterers) -> Made:
    """Enter a case by hand; 409 `open_case` names the open case of the same person, which it may join."""
    for noun in ("elder", "inbound_call", "complaint", "case"):
        await visible.check(scope, noun, getattr(given, f"{noun}_id"))
    report = Report(
        source=given.source,
        type=given.type,
        words=given.words,
        elder=given.elder_id,
        severity=given.severity,
        number=given.number,
        name=given.name,
        phone=given.phone,
        received_at=given.received_at,
        call=given.inbound_call_id,
        complaint=given.complaint_id,
    )
    conn, by, now = scope.conn, scope.person, scope.now
    if given.case_id is not None:
        case = await entering.join(conn, scope.keys, given.case_id, report, by, now)
    else:
        case = await entering.enter(conn, scope.keys, report, by, now, separate=given.separate)
    if given.inbound_call_id is not None:
        await entering.case_of_call(conn, given.inbound_call_id, case, by, now)
    if given.claim and by.role in OPERATORS:
        await cases.claim(conn, case, by, now)
    return Made(id=case)


@router.get("/inbound-calls")
async def list_(scope: Centre, paged: Paged, *, missed: bool = False) -> Page[InboundCall]:
    """List calls to us, newest first; `missed` only those that nobody spoke to."""
    rows = await calls.list_(scope.conn, missed=missed or None, after=paged.after, limit=paged.ask)
    return paged.page([_shown(scope, row) for row in rows], InboundCall)


@router.get("/inbound-calls/{inbound_call_id}")
async def find(inbound_call_id: UUID, scope: Centre) -> InboundCall:
    """Show one call to us."""
    row = await calls.find(scope.conn, inbound_call_id)
    return shape_of(InboundCall, {**_shown(scope, row), "id": inbound_call_id})


@router.post("/inbound-calls/{inbound_call_id}/take")
async def take(inbound_call_id: UUID, scope: Centre) -> InboundCall:
    """Take a call: the phone of this seat rings; 409 names who was first, or that no phone is set."""
    await calls.find(scope.conn, inbound_call_id)
    district, account = scope.person.district_id, scope.person.account_id
    if await bridging.desk_of(scope.conn, scope.keys, district, account) is None:
        raise Conflict("no phone is set for this seat", code="no_desk_phone")
    row = await calls.take(scope.conn, inbound_call_id, scope.person, scope.now)
    return shape_of(InboundCall, {**_shown(scope, row), "id": inbound_call_id})


@router.get("/call-backs")
async def call_backs(scope: Centre) -> CallBacks:
    """List who is to be called back."""
    rows = await returning.list_(scope.conn)
    return CallBacks(items=[shape_of(CallBack, _shown(scope, row)) for row in rows])


@router.post("/call-backs/{inbound_call_id}")
async def called_back(inbound_call_id: UUID, given: Result, scope: Centre) -> InboundCall:
    """Say what came of a call back; reached, the number leaves the list."""
    row = await returning.tried(scope.conn, inbound_call_id, given.result, scope.person, scope.now)
    return shape_of(InboundCall, {**_shown(scope, row), "id": inbound_call_id})


def _shown(scope: Scope, row: Row) -> dict[str, object]:
    sealed = row["number_sealed"]
    clear = scope.keys.open(scope.person.district_id, sealed) if sealed else ""
    return {**row, "number": people.mask_phone(clear) if clear else ""}
