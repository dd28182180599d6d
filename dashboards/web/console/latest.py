"""The readings of a home as they stand: newest value of each kind, how old it is, where it goes; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

SHOWN = (
    *("heart_rate", "respiration_rate", "spo2", "systolic", "diastolic", "body_temperature", "blood_glucose"),
    *("in_bed", "occupied", "open", "worn", "temperature"),
)
"""In the order of the card; movement, door and room say which room."""
ROOMS = frozenset({"occupied", "open", "temperature"})
NEWER = timedelta(minutes=15)
OLDER = timedelta(minutes=60)
CHANGED = 0.08
"""A mean that is so much higher or lower than before goes up or down."""
STALE = timedelta(minutes=30)
"""Older than this a value says little of now."""


@dataclass(frozen=True, slots=True)
class Live:
    """A value: its kind, when it was measured, in which room, up, down or steady (None: not known)."""

    metric: str
    value: Any
    at: datetime
    room: str | None
    trend: str | None = None

    def is_stale(self, now: datetime) -> bool:
        """Say whether it is too old to speak of now."""
        return now - self.at > STALE


def latest(
    states: Iterable[Mapping[str, Any]],
    rooms: Mapping[UUID, str | None],
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
) -> list[Live]:
    """Return the newest value of each kind of a home, in the order of the card."""
    found: dict[str, Live] = {}
    for state in states:
        for metric, (value, at_) in state["values"].items():
            at = datetime.fromisoformat(at_)
            if metric in SHOWN and value is not None and (metric not in found or at > found[metric].at):
                room = rooms.get(state["device_id"]) if metric in ROOMS else None
                found[metric] = Live(metric, value, at, room, trend(rows, metric, now))
    return [found[metric] for metric in SHOWN if metric in found]


def trend(rows: Sequence[Mapping[str, Any]], metric: str, now: datetime) -> str | None:
    """Compare the last quarter of an hour with the three before; None where either says nothing."""
    new = [float(row["value"]) for row in rows if _is(row, metric, now - NEWER, now)]
    old = [float(row["value"]) for row in rows if _is(row, metric, now - OLDER, now - NEWER)]
    if not new or not old or metric in ("in_bed", "occupied", "open", "worn"):
        return None
    before, after = sum(old) / len(old), sum(new) / len(new)
    if abs(after - before) <= CHANGED * abs(before):
        return "steady"
    return "up" if after > before else "down"


def _is(row: Mapping[str, Any], metric: str, since: datetime, until: datetime) -> bool:
    return row["metric"] == metric and row["value"] is not None and since < row["observed_at"] <= until
