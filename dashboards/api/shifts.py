"""Shifts: the roster, its weekly patterns, swaps between colleagues."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from core.errors import Invalid
from dashboards import audited, employed
from dashboards.api.shapes import STAFF, Day, Given, Instant, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dispatch import shifts
from dispatch.roster import editing, patterns
from dispatch.roster.weeks import Laid
from dispatch.roster.working_time import monday_of

router = APIRouter(prefix="/api/v1/shifts", tags=["shifts"], route_class=Guarded)
weekly = APIRouter(prefix="/api/v1/shift-patterns", tags=["shifts"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "caregiver")]
Manager = Annotated[Scope, allow(*MANAGERS)]
LONGEST = timedelta(days=93)
Minutes = Annotated[int, Field(ge=0, le=2880)]


class Shift(Shape):
    """One shift; its break of so many minutes lies somewhere between break_from and break_to."""

    id: UUID
    caregiver_id: UUID
    caregiver_name: str
    provider_id: UUID
    starts_at: datetime
    ends_at: datetime
    break_from: datetime | None
    break_to: datetime | None
    break_minutes: int
    origin: str | None
    overtime_by: UUID | None


class NewShift(Given):
    """A shift; `is_agreed` says that rules of working time which it breaks have been agreed to."""

    caregiver_id: UUID
    starts_at: Instant
    ends_at: Instant
    break_from: Instant | None = None
    break_to: Instant | None = None
    break_minutes: Minutes = 0
    is_agreed: bool = False

    def laid(self) -> Laid:
        """Return it as dispatch knows it."""
        rest = (self.break_from, self.break_to, self.break_minutes)
        return Laid(self.caregiver_id, self.starts_at, self.ends_at, *rest)


class MovedShift(NewShift):
    """Where a shift goes; `is_confirmed`: the visits that then have nobody have been seen."""

    is_confirmed: bool = False


class Confirmed(Given):
    """The visits that then have nobody have been seen."""

    is_confirmed: bool = False


class Week(Given):
    """Which week's shifts are laid again, and in which."""

    provider_id: UUID
    monday: Day
    to: Day


class Copied(Shape):
    """How many were laid, and what stood in the way of the others."""

    laid: int
    left_out: list[dict[str, Any]]


class Pattern(Shape):
    """A weekly pattern; weekdays 1 (Monday) to 7, `starts` in local time, the break in minutes after it."""

    id: UUID
    caregiver_id: UUID
    caregiver_name: str
    weekdays: list[int]
    starts: time
    minutes: int
    break_after: int | None
    break_before: int | None
    break_minutes: int
    valid_from: Day
    valid_to: Day | None


class NewPattern(Given):
    """A weekly pattern."""

    caregiver_id: UUID
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    starts: time
    minutes: Annotated[int, Field(ge=1, le=2880)]
    break_after: Minutes | None = None
    break_before: Minutes | None = None
    break_minutes: Minutes = 0
    valid_from: Day
    valid_to: Day | None = None
    is_agreed: bool = False


class Last(Given):
    """The last day; `is_confirmed`: the visits that then have nobody have been seen."""

    on: Day
    is_confirmed: bool = False


class Made(Shape):
    """What was made."""

    id: UUID


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    since: Annotated[Instant, Query(alias="from")],
    until: Annotated[Instant, Query(alias="to")],
    provider_id: UUID | None = None,
    caregiver_id: UUID | None = None,
) -> Page[Shift]:
    """List the shifts that touch a span of at most 93 days."""
    if not since < until <= since + LONGEST:
        raise Invalid("to: after from, by at most 93 days", [{"field": "to", "code": "invalid"}])
    provider, whose = await employed.provider(scope, provider_id), employed.own(scope, caregiver_id)
    if whose is not None:
        await employed.caregiver(scope, whose)
    rows = await shifts.page(scope.conn, since, until, provider, whose, paged.after, paged.ask)
    return paged.page(rows, Shift)


@router.post("", status_code=201)
async def create(given: NewShift, scope: Manager) -> Made:
    """Lay a shift; 409 names an overlap, leave, or the rules of working time that it breaks."""
    await employed.caregiver(scope, given.caregiver_id)
    identity = await editing.add(scope.conn, given.laid(), scope.person, scope.now, is_agreed=given.is_agreed)
    await audited.note(scope, "shift.add", "shift", identity, {"caregiver_id": str(given.caregiver_id)})
    return Made(id=identity)


@router.post("/copy-week")
async def copy_week(given: Week, scope: Manager) -> Copied:
    """Lay a provider's shifts of one week again in another, from Monday to Monday."""
    provider = await employed.provider(scope, given.provider_id) or given.provider_id
    weeks = (monday_of(given.monday), monday_of(given.to))
    found = await editing.copy_week(scope.conn, provider, *weeks, scope.person, scope.now)
    about = {"from": weeks[0].isoformat(), "to": weeks[1].isoformat(), "laid": found.laid}
    await audited.note(scope, "shift.copy_week", "provider", provider, about)
    return Copied(laid=found.laid, left_out=found.left_out)


@router.get("/{shift_id}")
async def find(shift_id: UUID, scope: Readers) -> Shift:
    """Show one shift."""
    return shape_of(Shift, await employed.of(scope, await editing.find(scope.conn, shift_id), "shift"))


@router.post("/{shift_id}/move")
async def move(shift_id: UUID, given: MovedShift, scope: Manager) -> Shift:
    """Change a shift's time, its break, or whose it is; 409 `visits_lost` lists who then has nobody."""
    was = await employed.of(scope, await editing.find(scope.conn, shift_id), "shift")
    await employed.caregiver(scope, given.caregiver_id)
    flags = {"is_agreed": given.is_agreed, "is_confirmed": given.is_confirmed}
    row = await editing.move(scope.conn, shift_id, given.laid(), scope.person, scope.now, **flags)
    about: dict[str, object] = {"was": _times(was), "is": _times(row)}
    await audited.note(scope, "shift.move", "shift", shift_id, about)
    return shape_of(Shift, row)


@router.post("/{shift_id}/remove", status_code=204)
async def remove(shift_id: UUID, scope: Manager, given: Confirmed | None = None) -> None:
    """Take a shift away; 409 `visits_lost` lists the visits that then have nobody."""
    await employed.of(scope, await editing.find(scope.conn, shift_id), "shift")
    confirmed = given is not None and given.is_confirmed
    was = await editing.remove(scope.conn, shift_id, scope.now, is_confirmed=confirmed)
    await audited.note(scope, "shift.remove", "shift", shift_id, {"was": _times(was)})


def _times(row: Any) -> dict[str, str]:  # noqa: ANN401 - a row
    return {
        "caregiver_id": str(row["caregiver_id"]),
        "starts_at": row["starts_at"].isoformat(),
        "ends_at": row["ends_at"].isoformat(),
    }


@weekly.get("")
async def list_patterns(
    scope: Readers, paged: Paged, provider_id: UUID | None = None, caregiver_id: UUID | None = None
) -> Page[Pattern]:
    """List weekly patterns, the latest first."""
    provider, whose = await employed.provider(scope, provider_id), employed.own(scope, caregiver_id)
    if whose is not None:
        await employed.caregiver(scope, whose)
    about = {"provider_id": provider, "caregiver_id": whose}
    rows = await patterns.list_(scope.conn, **about, after=paged.after, limit=paged.ask)
    return paged.page(rows, Pattern)


@weekly.post("", status_code=201)
async def create_pattern(given: NewPattern, scope: Manager) -> Made:
    """Make a weekly pattern; the clock lays its shifts ahead."""
    await employed.caregiver(scope, given.caregiver_id)
    identity = await make_pattern(scope, given)
    return Made(id=identity)


async def make_pattern(scope: Scope, given: NewPattern) -> UUID:
    """Make a weekly pattern, on record."""
    rest = None
    if given.break_after is not None and given.break_before is not None:
        rest = (given.break_after, given.break_before, given.break_minutes)
    what = (given.caregiver_id, given.weekdays, given.starts, given.minutes)
    term = (given.valid_from, given.valid_to, scope.person, scope.now)
    identity = await patterns.create(scope.conn, *what, *term, rest=rest, is_agreed=given.is_agreed)
    about: dict[str, object] = {"caregiver_id": str(given.caregiver_id)}
    await audited.note(scope, "shift_pattern.create", "shift_pattern", identity, about)
    return identity


@weekly.post("/{shift_pattern_id}/end")
async def end_pattern(shift_pattern_id: UUID, given: Last, scope: Manager) -> Pattern:
    """End a pattern with a day; the shifts that it has laid after that day go."""
    await employed.of(scope, await patterns.find(scope.conn, shift_pattern_id), "shift pattern")
    row = await patterns.end(
        scope.conn, shift_pattern_id, given.on, scope.now, is_confirmed=given.is_confirmed
    )
    about: dict[str, object] = {"on": given.on.isoformat()}
    await audited.note(scope, "shift_pattern.end", "shift_pattern", shift_pattern_id, about)
    return shape_of(Pattern, row)
