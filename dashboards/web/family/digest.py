"""The quiet digest: what is known of a day, as codes for sentences, never more than was heard; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import ZONE, local

EVENING, NOON = time(18), time(12)
"""Time in bed between them is called the night."""
SHORTEST = timedelta(minutes=5)
"""A mat that lets go for less is somebody who turned over."""
QUIET = timedelta(hours=2)
"""A device that says nothing for so long, or is known to be silent, is named."""
BEDS = ("care_bed", "bed_radar")
"""Thing models that know who lies in bed; they speak all the time."""
MOTIONS = ("occupied", "open", "in_bed")
"""What changes when somebody moves."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence: its code, its figures, and what it needs to be shared (`vitals`, `visits`)."""

    code: str
    of: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard since yesterday evening.

    `switched` are changes {metric, observed_at, value}, `devices` {thing_model, name, last_seen_at,
    silent_since}, `meals` {kind, mode, served_at}, `visits` {service, caregiver_name, started_at, ended_at}.
    """

    switched: Sequence[Mapping[str, Any]] = ()
    devices: Sequence[Mapping[str, Any]] = ()
    meals: Sequence[Mapping[str, Any]] = ()
    visits: Sequence[Mapping[str, Any]] = ()


def begins(now: datetime, zone: ZoneInfo = ZONE) -> datetime:
    """Return yesterday evening: since then everything is asked for."""
    day = local(now, zone).date() - timedelta(days=1)
    return datetime.combine(day, EVENING, zone)


def of(heard: Heard, now: datetime, zone: ZoneInfo = ZONE) -> list[Fact]:
    """Return the day's facts in the order in which they are said."""
    return [*_bed(heard, now, zone), *_moved(heard), *_meals(heard), *_visits(heard), *_silent(heard, now)]


def _bed(heard: Heard, now: datetime, zone: ZoneInfo) -> list[Fact]:
    spells = _spells(heard.switched, now)
    if not spells:
        return []
    found = []
    start, end, is_over = spells[-1]
    if _mat_speaks(heard, now):
        code, at = ("up_since", end) if is_over else ("in_bed_since", start)
        found.append(Fact(code, "vitals", {"at": at}))
    midday = datetime.combine(local(now, zone).date(), NOON, zone)
    first = begins(now, zone)
    night = [(max(a, first), min(b, midday)) for a, b, _ in spells if a < midday and b > first]
    length = sum((b - a for a, b in night), timedelta())
    if length >= SHORTEST and is_over:
        figures = {"length": length, "times": len(night) - 1, "since": night[0][0], "until": night[-1][1]}
        found.append(Fact("night", "vitals", figures))
    return found


def _spells(switched: Iterable[Mapping[str, Any]], now: datetime) -> list[tuple[datetime, datetime, bool]]:
    """Return (from, to, is it over) of each time in bed; a gap shorter than SHORTEST is none."""
    found: list[tuple[datetime, datetime, bool]] = []
    since: datetime | None = None
    for row in sorted(switched, key=lambda one: one["observed_at"]):
        if row["metric"] != "in_bed":
            continue
        at = row["observed_at"]
        if row["value"] and since is None:
            since = at
        elif not row["value"] and since is not None:
            found, since = _joined(found, since, at, is_over=True), None
    return found if since is None else _joined(found, since, now, is_over=False)


def _joined(
    found: list[tuple[datetime, datetime, bool]], since: datetime, until: datetime, *, is_over: bool
) -> list[tuple[datetime, datetime, bool]]:
    if found and since - found[-1][1] < SHORTEST:
        return [*found[:-1], (found[-1][0], until, is_over)]
    return [*found, (since, until, is_over)]


def _mat_speaks(heard: Heard, now: datetime) -> bool:
    return not any(one["thing_model"].startswith(BEDS) and _is_silent(one, now) for one in heard.devices)


def _moved(heard: Heard) -> list[Fact]:
    moved = [row["observed_at"] for row in heard.switched if row["metric"] in MOTIONS]
    return [Fact("moved", "vitals", {"at": max(moved)})] if moved else []


def _meals(heard: Heard) -> list[Fact]:
    served = sorted((one for one in heard.meals if one["served_at"]), key=lambda one: one["served_at"])
    return [
        Fact(f"ate_{one['mode']}", "visits", {"kind": one["kind"], "at": one["served_at"]}) for one in served
    ]


def _visits(heard: Heard) -> list[Fact]:
    came = sorted((one for one in heard.visits if one["started_at"]), key=lambda one: one["started_at"])
    return [
        Fact(
            "visited" if one["ended_at"] else "visiting",
            "visits",
            {
                "name": one["caregiver_name"] or "",
                "service": one["service"],
                "since": one["started_at"],
                "until": one["ended_at"],
            },
        )
        for one in came
    ]


def _silent(heard: Heard, now: datetime) -> list[Fact]:
    return [
        Fact("no_signal", "vitals", {"device": one["thing_model"], "since": one["last_seen_at"]})
        for one in heard.devices
        if _is_silent(one, now)
    ]


def _is_silent(device: Mapping[str, Any], now: datetime) -> bool:
    seen = device["last_seen_at"]
    if seen is None:
        return False  # never heard: it is not called silent, nothing was promised of it
    return device["silent_since"] is not None or (
        device["thing_model"].startswith(BEDS) and now - seen > QUIET
    )
