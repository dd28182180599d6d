"""Leave and swaps: asked for by caregivers, decided by their manager."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from core.errors import Forbidden, NotFound
from dashboards import audited, employed
from dashboards.api.shapes import STAFF, Given, Instant, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dispatch.roster import editing, leaves, swaps

router = APIRouter(prefix="/api/v1/leaves", tags=["leaves"], route_class=Guarded)
exchanges = APIRouter(prefix="/api/v1/swaps", tags=["swaps"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "caregiver")]
Asker = Annotated[Scope, allow(*MANAGERS, "caregiver")]
Manager = Annotated[Scope, allow(*MANAGERS)]
Carer = Annotated[Scope, allow("caregiver")]
Kind = Literal["annual", "sick", "injury", "personal", "maternity", "bereavement", "training", "other"]


class Leave(Shape):
    """Leave; only approved leave keeps somebody from being sent."""

    id: UUID
    caregiver_id: UUID
    caregiver_name: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    state: str
    asked_at: datetime
    decided_at: datetime | None


class NewLeave(Given):
    """What a caregiver asks for, or a manager notes (and thereby approves)."""

    caregiver_id: UUID | None = None
    kind: Kind
    starts_at: Instant
    ends_at: Instant
    is_confirmed: bool = False


class Confirmed(Given):
    """Rules that are broken are agreed to; visits that then have nobody have been seen."""

    is_agreed: bool = False
    is_confirmed: bool = False


class Swap(Shape):
    """A shift that one offers to another."""

    id: UUID
    shift_id: UUID
    giver_id: UUID
    giver_name: str
    taker_id: UUID
    taker_name: str
    starts_at: datetime
    ends_at: datetime
    state: str
    offered_at: datetime
    answered_at: datetime | None
    decided_at: datetime | None


class NewSwap(Given):
    """Which shift is offered to whom."""

    shift_id: UUID
    taker_id: UUID


class Made(Shape):
    """What was made."""

    id: UUID


@router.get("")
async def list_(
    scope: Readers, paged: Paged, provider_id: UUID | None = None, caregiver_id: UUID | None = None
) -> Page[Leave]:
    """List leave, the latest first; a caregiver's own only."""
    about = await _about(scope, provider_id, caregiver_id)
    return paged.page(await leaves.list_(scope.conn, **about, after=paged.after, limit=paged.ask), Leave)


async def _about(scope: Scope, provider_id: UUID | None, caregiver_id: UUID | None) -> dict[str, Any]:
    provider, whose = await employed.provider(scope, provider_id), employed.own(scope, caregiver_id)
    if whose is not None:
        await employed.caregiver(scope, whose)
    return {"provider_id": provider, "caregiver_id": whose}


@router.post("", status_code=201)
async def create(given: NewLeave, scope: Asker) -> Made:
    """Ask for leave; a manager's is approved at once, and 409 `visits_lost` lists who then has nobody."""
    whose = employed.own(scope, given.caregiver_id)
    if whose is None:
        raise NotFound("no caregiver is named")
    await employed.caregiver(scope, whose)
    what = (whose, given.kind, given.starts_at, given.ends_at, scope.person, scope.now)
    if scope.person.role == "caregiver":
        identity = await leaves.ask(scope.conn, *what)
    else:
        identity = await leaves.record(scope.conn, *what, is_confirmed=given.is_confirmed)
    await audited.note(scope, "leave.create", "leave", identity, {"kind": given.kind})
    return Made(id=identity)


@router.post("/{leave_id}/approve")
async def approve(leave_id: UUID, scope: Manager, given: Confirmed | None = None) -> Leave:
    """Approve leave; 409 `visits_lost` lists the visits that then have nobody, until that is confirmed."""
    return await _decide(scope, leave_id, "approve", is_confirmed=bool(given and given.is_confirmed))


@router.post("/{leave_id}/refuse")
async def refuse(leave_id: UUID, scope: Manager) -> Leave:
    """Refuse leave."""
    return await _decide(scope, leave_id, "refuse")


@router.post("/{leave_id}/withdraw")
async def withdraw(leave_id: UUID, scope: Asker) -> Leave:
    """Take leave back, asked for or approved."""
    return await _decide(scope, leave_id, "withdraw")


async def _decide(scope: Scope, leave_id: UUID, verb: str, *, is_confirmed: bool = False) -> Leave:
    await employed.of(scope, await leaves.find(scope.conn, leave_id), "leave")
    row = await leaves.decide(scope.conn, leave_id, verb, scope.person, scope.now, is_confirmed=is_confirmed)
    await audited.note(scope, f"leave.{verb}", "leave", leave_id)
    return shape_of(Leave, row)


@exchanges.get("")
async def list_swaps(
    scope: Readers, paged: Paged, provider_id: UUID | None = None, caregiver_id: UUID | None = None
) -> Page[Swap]:
    """List swaps, the latest first; a caregiver's own only."""
    about = await _about(scope, provider_id, caregiver_id)
    return paged.page(await swaps.list_(scope.conn, **about, after=paged.after, limit=paged.ask), Swap)


@exchanges.post("", status_code=201)
async def offer(given: NewSwap, scope: Asker) -> Made:
    """Offer a shift to a colleague of the same provider."""
    await employed.of(scope, await editing.find(scope.conn, given.shift_id), "shift")
    identity = await swaps.offer(scope.conn, given.shift_id, given.taker_id, scope.now)
    await audited.note(scope, "swap.offer", "swap", identity, {"shift_id": str(given.shift_id)})
    return Made(id=identity)


@exchanges.post("/{swap_id}/take")
async def take(swap_id: UUID, scope: Carer) -> Swap:
    """Take what is offered to oneself."""
    return await _answer(scope, swap_id, "take", "taker_id")


@exchanges.post("/{swap_id}/decline")
async def decline(swap_id: UUID, scope: Carer) -> Swap:
    """Say no to what is offered to oneself."""
    return await _answer(scope, swap_id, "decline", "taker_id")


@exchanges.post("/{swap_id}/withdraw")
async def withdraw_swap(swap_id: UUID, scope: Asker) -> Swap:
    """Take an offer back, or one's word to take it, as long as no manager has decided."""
    return await _answer(scope, swap_id, "withdraw", "giver_id", "taker_id")


@exchanges.post("/{swap_id}/approve")
async def approve_swap(swap_id: UUID, scope: Manager, given: Confirmed | None = None) -> Swap:
    """Let the shift change hands; 409 names broken rules, and visits that then have nobody."""
    await _seen(scope, swap_id)
    flags = given.model_dump() if given else {}
    row = await swaps.decide(scope.conn, swap_id, "approve", scope.person, scope.now, **flags)
    await audited.note(scope, "swap.approve", "swap", swap_id)
    return shape_of(Swap, row)


@exchanges.post("/{swap_id}/refuse")
async def refuse_swap(swap_id: UUID, scope: Manager) -> Swap:
    """Leave the shift where it is."""
    await _seen(scope, swap_id)
    row = await swaps.decide(scope.conn, swap_id, "refuse", scope.person, scope.now)
    await audited.note(scope, "swap.refuse", "swap", swap_id)
    return shape_of(Swap, row)


async def _answer(scope: Scope, swap_id: UUID, verb: str, *whose: str) -> Swap:
    row = await _seen(scope, swap_id)
    if scope.person.role == "caregiver" and scope.person.caregiver_id not in [row[one] for one in whose]:
        raise Forbidden("the other one of the two may do this")
    found = await swaps.answer(scope.conn, swap_id, verb, scope.now)
    await audited.note(scope, f"swap.{verb}", "swap", swap_id)
    return shape_of(Swap, found)


async def _seen(scope: Scope, swap_id: UUID) -> Row:
    row, person = await swaps.find(scope.conn, swap_id), scope.person
    foreign = person.role == "caregiver" and person.caregiver_id not in {row["giver_id"], row["taker_id"]}
    if foreign or (person.role == "provider_manager" and row["provider_id"] != person.provider_id):
        raise NotFound(f"no swap {swap_id}")
    return row
