"""The day as bars: one row per caregiver, in pixels of one drawing; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import local
from dispatch.geo import distance_km, travel_minutes

ROW, TOP, BAR = 52, 34, 42
SCALE = 1.5
"""Pixels of a minute."""
LONGEST = timedelta(hours=36)
USUAL = (7, 19)
"""Hours that are shown when there is nothing to show."""
_GAP = 5
_HOUR = timedelta(hours=1)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """One visit of one caregiver; `before` is where it stands now when a proposal moves it."""

    visit: Row
    row: int
    x: float
    y: float
    width: float
    height: float
    travel: tuple[float, float] | None
    wait: tuple[float, float] | None
    starts_at: datetime
    ends_at: datetime
    seat: int
    is_free: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One caregiver's row."""

    caregiver: Row
    y: float
    shifts: list[tuple[float, float]]
    breaks: list[tuple[float, float]]
    leaves: list[tuple[float, float]]
    blocks: list[Block]
    minutes: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    since: datetime
    until: datetime
    width: float
    height: float
    hours: list[tuple[float, datetime]]
    now: float | None
    first: float
    lines: list[Line]
    joints: list[tuple[float, float, float]] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    scale: float = SCALE
    row: int = ROW
    top: int = TOP


@dataclass(frozen=True, slots=True)
class Given:
    """What is drawn: caregivers in their order, and for each their shifts, leaves and visits."""

    caregivers: Sequence[Row]
    shifts: Sequence[Row]
    leaves: Sequence[Row]
    visits: Sequence[Row]
    travel_factor: float = 1.35


def draw(given: Given, day: datetime, now: datetime) -> Chart:
    """Lay the day out: `day` is its local midnight."""
    since, until = span(given, day)
    scale = _Scale(since, until)
    hours, at = [], since
    while at <= until:
        hours.append((scale.x(at), at))
        at += _HOUR
    lines = [_line(nth, one, given, scale) for nth, one in enumerate(given.caregivers)]
    return Chart(
        since,
        until,
        scale.x(until),
        TOP + ROW * len(lines),
        hours,
        scale.x(now) if since <= now <= until else None,
        min((one.x for line in lines for one in line.blocks), default=0.0),
        lines,
        joints(lines),
        arrows(lines),
    )


def span(given: Given, day: datetime) -> tuple[datetime, datetime]:
    """Return from which whole hour to which the day is shown: what begins on it, 36 hours at most."""
    starts = [one["starts_at"] for one in (*given.shifts, *given.visits) if one["starts_at"] >= day]
    ends = [one["ends_at"] for one in (*given.shifts, *given.visits)]
    first = min(starts, default=day if ends else day + USUAL[0] * _HOUR)
    last = min(max(ends, default=day + USUAL[1] * _HOUR), day + LONGEST)
    since = local(first).replace(minute=0, second=0, microsecond=0).astimezone(day.tzinfo)
    until = since + timedelta(hours=max(1, -(-int((last - since).total_seconds()) // 3600)))
    return since, until


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    until: datetime

    def x(self, at: datetime) -> float:
        """Return where an instant lies, within the drawing."""
        inside = min(max(at, self.since), self.until)
        return round((inside - self.since).total_seconds() / 60 * SCALE, 1)

    def bar(self, starts_at: datetime, ends_at: datetime) -> tuple[float, float]:
        """Return where a span begins and how wide it is."""
        return self.x(starts_at), round(self.x(ends_at) - self.x(starts_at), 1)


def _line(nth: int, caregiver: Row, given: Given, scale: _Scale) -> Line:
    identity, y = caregiver["id"], TOP + ROW * nth
    shifts = [one for one in given.shifts if one["caregiver_id"] == identity]
    leaves = [one for one in given.leaves if one["caregiver_id"] == identity]
    own = sorted(
        (one for one in given.visits if one["row_caregiver_id"] == identity),
        key=lambda one: (one["starts_at"], one["id"]),
    )
    blocks = _blocks(nth, caregiver, own, scale, given.travel_factor)
    breaks = [one for one in shifts if one["break_from"] is not None]
    return Line(
        caregiver,
        y,
        [scale.bar(one["starts_at"], one["ends_at"]) for one in shifts],
        [scale.bar(one["break_from"], one["break_to"]) for one in breaks],
        [scale.bar(one["starts_at"], one["ends_at"]) for one in leaves],
        blocks,
        sum(int((one["ends_at"] - one["starts_at"]).total_seconds() // 60) for one in own),
    )


def _blocks(nth: int, caregiver: Row, own: Sequence[Row], scale: _Scale, factor: float) -> list[Block]:
    tiers = lanes(own)
    height = BAR / max(1, max(tiers, default=0) + 1)
    blocks, place, free_at = [], (caregiver["lat"], caregiver["lon"]), None
    for visit, tier in zip(own, tiers, strict=True):
        x, width = scale.bar(visit["starts_at"], visit["ends_at"])
        minutes = travel(visit, place, caregiver["speed_kmh"], factor)
        leaves_at = visit["starts_at"] - timedelta(minutes=minutes)
        way = scale.bar(max(leaves_at, free_at) if free_at else leaves_at, visit["starts_at"])
        is_waiting = free_at is not None and leaves_at > free_at
        blocks.append(
            Block(
                visit,
                nth,
                x,
                TOP + ROW * nth + _GAP + tier * height,
                max(width, 6.0),
                height - (1 if height < BAR else 0),
                way if tier == 0 and way[1] > 0 else None,
                scale.bar(free_at, leaves_at) if is_waiting and free_at else None,
                visit["starts_at"],
                visit["ends_at"],
                visit["seat"],
                visit["state"] in ("wanted", "offered", "accepted") and visit["case_id"] is None,
            )
        )
        place, free_at = (visit["lat"], visit["lon"]), visit["ends_at"]
    return blocks


def travel(visit: Row, place: tuple[float, float], speed_kmh: float, factor: float) -> float:
    """Return the minutes of the way to a visit: the plan's own, or by great circle."""
    if visit.get("travel_s") is not None:
        return float(visit["travel_s"]) / 60
    return travel_minutes(distance_km(*place, visit["lat"], visit["lon"]), speed_kmh, factor)


def lanes(own: Sequence[Row]) -> list[int]:
    """Return which lane of the row each visit takes, by start: visits that overlap lie beneath each other."""
    ends: list[datetime] = []
    found = []
    for one in own:
        lane = next((nth for nth, end in enumerate(ends) if end <= one["starts_at"]), len(ends))
        ends[lane : lane + 1] = [one["ends_at"]]
        found.append(lane)
    return found


def joints(lines: Iterable[Line]) -> list[tuple[float, float, float]]:
    """Return a vertical line (x, y, y) between the two caregivers of a visit that needs both."""
    seen: dict[UUID, list[Block]] = {}
    for line in lines:
        for one in line.blocks:
            seen.setdefault(one.visit["id"], []).append(one)
    pairs = [sorted(two, key=lambda one: one.y) for two in seen.values() if len(two) > 1]
    return [(two[0].x, two[0].y + two[0].height, two[1].y) for two in pairs]


def arrows(lines: Iterable[Line]) -> list[str]:
    """Return a path from each visit to the one that follows it."""
    blocks = {one.visit["id"]: one for line in lines for one in line.blocks if one.seat == 0}
    found = []
    for one in blocks.values():
        first = blocks.get(one.visit["follows_id"])
        if first is not None:
            x, y = first.x + first.width, first.y + first.height / 2
            to = one.y + one.height / 2
            found.append(
                f"M{x:.1f} {y:.1f}C{x + 18:.1f} {y:.1f} {one.x - 18:.1f} {to:.1f} {one.x:.1f} {to:.1f}"
            )
    return found
