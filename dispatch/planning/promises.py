"""Which promises a plan breaks: who comes, when, whether anybody comes at all. Pure.

A promise is what elder, family and caregiver have been told; a few minutes of a moved start break none.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from dispatch.planning.shapes import Asked, Planned, Reason


def broken(visits: Sequence[Asked], items: Iterable[Planned], moved: timedelta) -> list[Reason]:
    """Return the promises that accepting a plan breaks, in the order of the visits."""
    planned = by_visit(items)
    return [
        reason
        for one in visits
        if one.promised_at is not None and one.visit_id in planned
        for reason in _of(one, planned[one.visit_id], moved)
    ]


def by_visit(items: Iterable[Planned]) -> dict[UUID, list[Planned]]:
    """Return a plan's items by visit, who leads first."""
    ordered = sorted(items, key=lambda item: (str(item.visit_id), item.seat))
    return {visit: list(group) for visit, group in groupby(ordered, key=lambda item: item.visit_id)}


def _of(one: Asked, items: Sequence[Planned], moved: timedelta) -> list[Reason]:
    """Return what is broken of one promise: dropped, or another caregiver and another time."""
    named = {"visit_id": str(one.visit_id)}
    people = {item.caregiver_id for item in items if item.caregiver_id is not None}
    if not people:
        return [{**named, "code": "dropped", "caregiver_id": _id(one.caregiver_id), **_at(one.planned_start)}]
    found: list[Reason] = []
    gone = [who for who in one.people if who not in people]
    if gone:
        new = sorted(str(who) for who in people.difference(one.people))
        found.append(
            {**named, "code": "caregiver", "caregiver_id": _id(gone[0]), "to": new[0] if new else None}
        )
    start = items[0].starts_at
    if one.planned_start and start and abs(start - one.planned_start) > moved:
        minutes = round((start - one.planned_start).total_seconds() / 60, 1)
        found.append(
            {**named, "code": "time", "minutes": minutes, **_at(one.planned_start), "to": start.isoformat()}
        )
    return found


def _id(who: UUID | None) -> str | None:
    return str(who) if who else None


def _at(start: datetime | None) -> Reason:
    return {"from": start.isoformat()} if start else {}
