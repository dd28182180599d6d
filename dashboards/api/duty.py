"""The call centre: who is on duty, its rota, answer times, paused monitoring."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter

from core.clock import at_local, local_date, month_after, month_of
from core.errors import Invalid
from dashboards import visible
from dashboards.api.shapes import CENTRE, STAFF, Given, Instant, Month, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import duty
from dispatch.centre import answers, measures, pauses, rota
from dispatch.centre.measures import Sums, together
from dispatch.centre.rota import Wanted

router = APIRouter(prefix="/api/v1/duty-shifts", tags=["duty"], route_class=Guarded)
present = APIRouter(prefix="/api/v1/duty", tags=["duty"], route_class=Guarded)
figures = APIRouter(prefix="/api/v1/kpis", tags=["duty"], route_class=Guarded)
paused = APIRouter(prefix="/api/v1/monitoring-pauses", tags=["duty"], route_class=Guarded)
Reader = Annotated[Scope, allow(*CENTRE)]
Planner = Annotated[Scope, allow("duty_manager", "admin")]
Measurer = Annotated[Scope, allow("duty_manager", "admin", "auditor")]
Seer = Annotated[Scope, allow(*STAFF, "family")]
Pauser = Annotated[Scope, allow("operator", "duty_manager", "clerk", "admin")]
FARTHEST = timedelta(days=62)


class OnDuty(Shape):
    """Somebody on duty now."""

    account_id: UUID
    name: str
    role: str
    starts_at: datetime
    ends_at: datetime
    has_phone: bool


class Held(Shape):
    """A span that somebody has indeed; with an override: instead of whom the rota names."""

    duty_shift_id: UUID
    override_id: UUID | None
    account_id: UUID
    name: str
    role: str
    starts_at: datetime
    ends_at: datetime


class NewShift(Given):
    """A shift to lay; `is_agreed`: although it breaks a rule of working time."""

    account_id: UUID
    role: Literal["operator", "duty_manager"]
    starts_at: Instant
    ends_at: Instant
    is_agreed: bool = False


class Made(Shape):
    """What was made."""

    id: UUID


class Figures(Shape):
    """Sums, and shares of 1 (null where nothing counts); definitions: docs/manual/kpi.md.

    `young_…`: not late yet, and so in no share: nobody has answered (is there), and the time is not up.
    """

    cases: int
    answered: int
    in_60: int
    in_180: int
    longest: int
    sent: int
    scenes: int
    scene_45: int
    scene_60: int
    falses: int
    joined: int
    lowered: int
    paused: int
    shelved: int
    tests: int
    by_hand: int
    gone: int
    young_60: int
    young_180: int
    young_45: int
    young_60_min: int
    share_60: float | None
    share_180: float | None
    share_45: float | None
    share_60_min: float | None
    mean_seconds: float | None


class OfHour(Figures):
    """One hour's figures."""

    hour: datetime


class OfOperator(Figures):
    """One operator's figures; without an account: what nobody answered."""

    account_id: UUID | None
    name: str | None


class Slow(Shape):
    """A case that was answered after more than 60 s, or not at all."""

    case_id: UUID
    opened_at: datetime
    seconds: int | None
    answered_by: UUID | None


class Kpis(Shape):
    """Answer times of a month or a day, against their bars."""

    since: datetime
    until: datetime
    bars: dict[str, float]
    total: Figures
    hours: list[OfHour]
    operators: list[OfOperator]
    slowest: list[Slow]


class Pause(Shape):
    """Monitoring paused: alarms are kept and shown, and page nobody."""

    id: UUID
    elder_id: UUID
    care_bed_id: UUID | None
    reason: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    questioned_at: datetime | None


class NewPause(Given):
    """What to pause until when; from now if no beginning is given."""

    elder_id: UUID
    care_bed_id: UUID | None = None
    reason: Literal["hospital", "holiday", "repair", "other"]
    starts_at: Instant | None = None
    ends_at: Instant


@present.get("/now")
async def now(scope: Reader) -> list[OnDuty]:
    """Say who is on duty."""
    return [shape_of(OnDuty, row) for row in await duty.now_on(scope.conn, scope.now)]


@router.get("")
async def list_(scope: Reader, since: Instant | None = None, until: Instant | None = None) -> list[Held]:
    """List who has what between two instants (a week from now), 62 days at most, overrides included."""
    since = since or scope.now
    until = until or since + timedelta(days=7)
    if until - since > FARTHEST:
        raise Invalid("until: at most 62 days after since", [{"field": "until", "code": "too_long"}])
    return [shape_of(Held, row) for row in await duty.held(scope.conn, since, until)]


@router.post("", status_code=201)
async def add(given: NewShift, scope: Planner) -> Made:
    """Lay a shift; 409 `working_time` names the rules that it would break, until that is agreed to."""
    wanted = Wanted(given.account_id, given.role, given.starts_at, given.ends_at)
    made = await rota.add(scope.conn, wanted, scope.person, scope.now, is_agreed=given.is_agreed)
    return Made(id=made)


@router.post("/{duty_shift_id}/remove")
async def remove(duty_shift_id: UUID, scope: Planner) -> Made:
    """Take a shift away that is not over."""
    row = await rota.remove(scope.conn, duty_shift_id, scope.person, scope.now)
    return Made(id=row["id"])


@figures.get("")
async def kpis(scope: Measurer, month: Month | None = None, on: date | None = None) -> Kpis:
    """Say how fast alarms of a month (or a day) were answered, per hour and operator, with the worst."""
    first = month_of(date.fromisoformat(f"{month}-01") if month else on or local_date(scope.now))
    since, until = at_local(first, "00:00"), at_local(month_after(first), "00:00")
    if on is not None:
        since, until = at_local(on, "00:00"), at_local(on, "00:00") + timedelta(days=1)
    found = await answers.between(scope.conn, since, until, scope.now)
    return Kpis(
        since=since,
        until=until,
        bars={
            "share_60": measures.IN_60,
            "share_180": measures.IN_180,
            "share_45": measures.ON_SCENE_45,
            "share_60_min": measures.ON_SCENE_60,
        },
        total=Figures(**_figures(together(one.sums for one in found.hours))),
        hours=[OfHour(hour=one.hour, **_figures(one.sums)) for one in found.hours],
        operators=[
            OfOperator(account_id=one.account_id, name=one.name, **_figures(one.sums))
            for one in found.operators
        ],
        slowest=[shape_of(Slow, row) for row in await answers.slowest(scope.conn, since, until, scope.now)],
    )


def _figures(sums: Sums) -> dict[str, float | int | None]:
    shares = {name: getattr(sums, name) for name in ("share_60", "share_180", "share_45", "share_60_min")}
    return {**asdict(sums), **shares, "mean_seconds": sums.mean_seconds}


@paused.get("")
async def list_pauses(
    scope: Seer, paged: Paged, elder_id: UUID | None = None, *, is_open: bool = False
) -> Page[Pause]:
    """List pauses of monitoring, the latest first; a family's own people's only."""
    mine = await visible.elders(scope)
    await visible.check_elder(scope, elder_id)
    rows = await pauses.list_(
        scope.conn,
        elder=elder_id,
        among=mine,
        is_open=is_open,
        before=paged.after,
        limit=paged.ask,
    )
    return paged.page(rows, Pause)


@paused.post("", status_code=201)
async def begin(given: NewPause, scope: Pauser) -> Pause:
    """Pause somebody's monitoring until an end; 409 `pause_overlap` when it is paused already."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check(scope, "care_bed", given.care_bed_id)
    made = await pauses.begin(
        scope.conn,
        elder=given.elder_id,
        care_bed=given.care_bed_id,
        reason=given.reason,
        starts_at=given.starts_at or scope.now,
        ends_at=given.ends_at,
        by=scope.person,
        now=scope.now,
    )
    return shape_of(Pause, await pauses.find(scope.conn, made))


@paused.post("/{monitoring_pause_id}/end")
async def end(monitoring_pause_id: UUID, scope: Pauser) -> Pause:
    """End a pause now: alarms page again; 409 `pause_over` says who was first."""
    return shape_of(Pause, await pauses.end(scope.conn, monitoring_pause_id, scope.person, scope.now))
