"""How the person is, from what the devices last said: codes for words; pure, and never more than is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FRESH = timedelta(minutes=15)
"""A vital sign older than this is not called current."""
SILENT = timedelta(hours=2)
"""A home from which nothing came for so long is called silent."""
SHOWN = ("in_bed", "heart_rate", "respiration_rate")
OPEN = ("raised", "claimed", "verified", "dispatched", "on_scene", "returned")


@dataclass(frozen=True)
class Fact:
    """One value with its age."""

    metric: str
    value: Any
    at: datetime
    fresh: bool


@dataclass(frozen=True)
class Wellbeing:
    """The headline's code, when the home was last heard of, and the facts behind it."""

    code: str
    heard_at: datetime | None
    facts: list[Fact]


def judge(
    states: Iterable[Mapping[str, Any]],
    cases: Iterable[Mapping[str, Any]],
    absence: str | None,
    now: datetime,
    *,
    paused: bool = False,
) -> Wellbeing:
    """Say `alert`, `away`, `paused`, `unknown`, `silent` or `quiet`: no more than that no alarm is open.

    While monitoring is paused nothing is called quiet: what happens pages nobody.
    """
    rows = list(states)
    heard = max((row["last_seen_at"] for row in rows if row["last_seen_at"]), default=None)
    facts = _facts(rows, now)
    if any(case["state"] in OPEN for case in cases):
        return Wellbeing("alert", heard, facts)
    if absence:
        return Wellbeing("away", heard, facts)
    if paused:
        return Wellbeing("paused", heard, facts)
    if heard is None:
        return Wellbeing("unknown", None, facts)
    return Wellbeing("silent" if now - heard > SILENT else "quiet", heard, facts)


def _facts(rows: Iterable[Mapping[str, Any]], now: datetime) -> list[Fact]:
    newest: dict[str, Fact] = {}
    for row in rows:
        for metric, pair in (row["values"] or {}).items():
            if metric not in SHOWN or pair[0] is None:
                continue
            at = datetime.fromisoformat(pair[1])
            if metric not in newest or newest[metric].at < at:
                newest[metric] = Fact(metric, pair[0], at, now - at <= FRESH)
    in_bed = newest.get("in_bed")
    if in_bed and not in_bed.value:
        newest = {name: fact for name, fact in newest.items() if name == "in_bed" or fact.at >= in_bed.at}
    return [newest[metric] for metric in SHOWN if metric in newest]
