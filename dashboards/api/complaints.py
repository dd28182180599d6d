"""Complaints: taken, given to a provider, answered, closed by somebody else."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from core.errors import NotFound
from dashboards import audited, visible
from dashboards.api.shapes import CENTRE, Code, Given, Instant, Line, Note, Page, Paged, Shape, shape_of
from dashboards.api.visit_shapes import Made
from dashboards.auth import Guarded, Scope, allow
from services import complaining, complaints

router = APIRouter(prefix="/api/v1/complaints", tags=["complaints"], route_class=Guarded)
OFFICE = ("clerk", "auditor")
Readers = Annotated[Scope, allow(*OFFICE, "approver", *CENTRE, "provider_manager", "family")]
Takers = Annotated[Scope, allow(*OFFICE, *CENTRE, "family")]
Office = Annotated[Scope, allow(*OFFICE)]
Answerers = Annotated[Scope, allow("clerk", "provider_manager")]


class NewComplaint(Given):
    """What came; a family's is always of their own elder and by `family`."""

    source: Code = "phone"
    kind: Code
    urgency: Code = "ordinary"
    text: Note
    received_at: Instant | None = None
    number: Line | None = None
    contact: Line | None = None
    elder_id: UUID | None = None
    provider_id: UUID | None = None
    visit_id: UUID | None = None


class Complaint(Shape):
    """A complaint without its words; `level` is how far it was escalated."""

    id: UUID
    source: str
    number: str | None
    kind: str
    urgency: str
    elder_id: UUID | None
    provider_id: UUID | None
    provider: str | None
    visit_id: UUID | None
    received_at: datetime
    due_at: datetime
    state: str
    assigned_at: datetime | None
    answered_at: datetime | None
    outcome: str | None
    is_satisfied: bool | None
    closed_at: datetime | None
    level: int


class Told(Complaint):
    """A complaint with its words and the provider's answer."""

    text: str
    answer: str | None


class Assigning(Given):
    """To whom it is given."""

    provider_id: UUID


class Saying(Given):
    """An answer, or what an answer lacks."""

    text: Note


class Closing(Given):
    """What was found: upheld, partly, unfounded or withdrawn."""

    outcome: Code
    is_satisfied: bool | None = None


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    state: Code | None = None,
    elder_id: UUID | None = None,
    visit_id: UUID | None = None,
    *,
    late: bool = False,
) -> Page[Complaint]:
    """List complaints, newest first; a provider's are those given to it, a family's what families said.

    With whom visits are not shared, a relative sees only what they complained of themselves.
    """

    async def fetch(elder: UUID | None) -> list[Row]:
        is_shared = "visits" in await visible.sharing(scope, elder)
        return await complaints.list_(
            scope.conn,
            state=state,
            provider=visible.own_provider(scope),
            elder=elder,
            source="family" if scope.person.role == "family" else None,
            taken_by=None if is_shared else scope.person.account_id,
            late_at=scope.now if late else None,
            visit=visit_id,
            after=paged.after,
            limit=paged.ask,
        )

    await visible.check(scope, "visit", visit_id)
    rows = await visible.of_elders(scope, elder_id, fetch, newest_first=True)
    return paged.page(rows, Complaint)


@router.post("", status_code=201)
async def take(given: NewComplaint, scope: Takers) -> Made:
    """Take a complaint; its deadline follows from its urgency."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check(scope, "visit", given.visit_id)
    await visible.check(scope, "provider", given.provider_id)
    source = "family" if scope.person.role == "family" else given.source
    if scope.person.role == "family" and given.elder_id is None:
        raise NotFound("say which of your own it is about")
    came = complaints.Given(
        source=source,
        kind=given.kind,
        urgency=given.urgency,
        text=given.text,
        received_at=given.received_at or scope.now,
        number=given.number,
        contact=given.contact,
        elder=given.elder_id,
        provider=given.provider_id,
        visit=given.visit_id,
    )
    return Made(id=await complaints.record(scope.conn, scope.keys, came, scope.person, scope.now))


@router.get("/{complaint_id}")
async def find(complaint_id: UUID, scope: Readers) -> Told:
    """Show one complaint with its words; that somebody looked stands on the audit log."""
    return await _told(scope, complaint_id)


@router.post("/{complaint_id}/assign")
async def assign(complaint_id: UUID, given: Assigning, scope: Office) -> Complaint:
    """Give it to a provider."""
    await visible.check(scope, "provider", given.provider_id)
    await complaints.assign(scope.conn, complaint_id, given.provider_id, scope.person, scope.now)
    return await _stands(scope, complaint_id)


@router.post("/{complaint_id}/answer")
async def answer(complaint_id: UUID, given: Saying, scope: Answerers) -> Complaint:
    """Answer it."""
    visible.own_provider(scope)
    await complaints.answer(scope.conn, scope.keys, complaint_id, given.text, scope.person, scope.now)
    return await _stands(scope, complaint_id)


@router.post("/{complaint_id}/return")
async def give_back(complaint_id: UUID, given: Saying, scope: Office) -> Complaint:
    """Ask for a better answer."""
    await complaints.give_back(scope.conn, scope.keys, complaint_id, given.text, scope.person, scope.now)
    return await _stands(scope, complaint_id)


@router.post("/{complaint_id}/close")
async def close(complaint_id: UUID, given: Closing, scope: Office) -> Complaint:
    """Close it; who answered it may not."""
    values = (scope.conn, complaint_id, given.outcome)
    await complaints.close(*values, is_satisfied=given.is_satisfied, by=scope.person, now=scope.now)
    return await _stands(scope, complaint_id)


async def _stands(scope: Scope, complaint: UUID) -> Complaint:
    """Return how it stands, without its words: the answer to a write is kept with its idempotency key."""
    return shape_of(Complaint, await complaints.find(scope.conn, complaint))


async def _told(scope: Scope, complaint: UUID) -> Told:
    row = await complaints.find(scope.conn, complaint)
    await visible.check_owner(scope, "complaint", complaint, row["elder_id"])
    only, is_family = visible.own_provider(scope), scope.person.role == "family"
    if (only is not None and not complaining.is_given_to(row, only)) or (
        is_family and not await _is_open(scope, row)
    ):
        raise NotFound(f"no complaint {complaint}")
    await audited.note(scope, "reveal", "complaint", complaint, {"field": "text"})
    clear = {name: _open(scope, row, f"{name}_sealed") for name in ("text", "answer")}
    return shape_of(Told, {**row, **clear})


async def _is_open(scope: Scope, row: Row) -> bool:
    """Say whether a relative may read it: their own, or a family's where visits are shared with them."""
    is_own = row["received_by"] == scope.person.account_id
    return row["source"] == "family" and (is_own or "visits" in await visible.sharing(scope, row["elder_id"]))


def _open(scope: Scope, row: Row, column: str) -> str | None:
    sealed = row[column]
    return scope.keys.open(row["district_id"], sealed) if sealed else None
