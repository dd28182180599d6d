"""What a planned visit may ask of its day: windows, staff, another visit before it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from dispatch import fields

Window = tuple[datetime, datetime]
"""From, to: when a visit may begin and by when it should be over."""
Follows = tuple[UUID, int, int]
"""The visit that goes before, and the least and most minutes from its start to this one's."""
MOST_STAFF = 2


def check(
    first: Window,
    windows: Sequence[Window],
    movable: tuple[date, date] | None,
    follows: Follows | None,
    staff: int,
) -> tuple[object, ...]:
    """Return the values of the row (windows, movable from and to, follows, least, most, staff).

    Raise Invalid naming the field that cannot be.
    """
    if first[1] < first[0]:
        raise fields.wrong("window_end", "before_start", "before window_start")
    further = _further(first, windows)
    if movable and movable[1] < movable[0]:
        raise fields.wrong("movable", "before_start", "ends before it begins")
    if follows and not 0 <= follows[1] <= follows[2]:
        raise fields.wrong("follows", "before_start", "the most minutes are fewer than the least")
    if not 1 <= staff <= MOST_STAFF:
        raise fields.wrong("staff", "unknown", "1 or 2")
    return (further, *(movable or (None, None)), *(follows or (None, None, None)), staff)


def _further(first: Window, windows: Sequence[Window]) -> list[dict[str, Any]]:
    """Return the further windows as rows keep them; each ends before the next begins."""
    ordered = sorted((first, *windows))
    for one in windows:
        if one[1] < one[0]:
            raise fields.wrong("windows", "before_start", "one ends before it begins")
    for one, following in pairwise(ordered):
        if following[0] < one[1]:
            raise fields.wrong("windows", "overlap", "two of them overlap")
    return [{"from": since.isoformat(), "to": until.isoformat()} for since, until in sorted(windows)]
