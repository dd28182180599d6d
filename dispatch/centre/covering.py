"""Who is missing on the rota: spans with fewer people on duty than there should be; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from core.clock import local


@dataclass(frozen=True, slots=True)
class Hole:
    """A span in which a role has fewer people than it should."""

    role: str
    starts_at: datetime
    ends_at: datetime
    there: int
    wanted: int


def holes(
    held: Sequence[Mapping[str, Any]],
    role: str,
    wanted: int,
    since: datetime,
    until: datetime,
) -> list[Hole]:
    """Return the spans between two instants in which fewer than `wanted` people hold a role.

    `held`: {account_id, role, starts_at, ends_at}. Who is there twice counts once.
    """
    own = [one for one in held if one["role"] == role]
    edges = {since, until}
    for one in own:
        edges |= {min(max(one["starts_at"], since), until), min(max(one["ends_at"], since), until)}
    ordered = sorted(edges)
    found: list[Hole] = []
    for starts, ends in pairwise(ordered):
        there = len({one["account_id"] for one in own if one["starts_at"] <= starts < one["ends_at"]})
        if there >= wanted:
            continue
        if found and found[-1].ends_at == starts and found[-1].there == there:
            found[-1] = Hole(role, found[-1].starts_at, ends, there, wanted)
        else:
            found.append(Hole(role, starts, ends, there, wanted))
    return found


def per_hour(held: Iterable[Mapping[str, Any]], role: str, monday: datetime) -> dict[int, float]:
    """Return how many people hold a role in each hour of the week from `monday`, in parts too."""
    found: dict[int, float] = {}
    hour = timedelta(hours=1)
    for one in held:
        if one["role"] != role:
            continue
        for nth in range(168):
            starts = monday + nth * hour
            inside = min(one["ends_at"], starts + hour) - max(one["starts_at"], starts)
            if inside > timedelta(0):
                found[nth] = found.get(nth, 0.0) + inside / hour
    return found


def hour_of_week(at: datetime) -> int:
    """Return the hour of the local week, 0 from Monday 00:00."""
    there = local(at)
    return there.weekday() * 24 + there.hour
