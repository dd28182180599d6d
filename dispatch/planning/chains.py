"""Visits that follow each other (nurse after bath): one job of the search, or a second pass. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.planning.shapes import Asked
from dispatch.roster.fitness import Span


@dataclass(frozen=True, slots=True)
class Chains:
    """Which visits are one job (lead: follower), and which wait for their lead's time (follower: lead)."""

    pairs: Mapping[UUID, UUID]
    waiting: Mapping[UUID, UUID]


def link(visits: Sequence[Asked], known: Mapping[UUID, datetime | None]) -> Chains:
    """Sort the followers: of a lead whose time is `known` nothing has to wait.

    The search states two visits of one person each with the same windows; longer chains, two people at one of
    them, or windows of their own take a second pass, in which the leads stand.
    """
    by_id = {one.visit_id: one for one in visits}
    followers = [one for one in visits if one.follows and one.visit_id in by_id]
    many = Counter(one.follows[0] for one in followers if one.follows)
    pairs, waiting = {}, {}
    for one in followers:
        assert one.follows is not None  # noqa: S101 - followers were chosen by it
        lead = by_id.get(one.follows[0])
        if lead is None or one.follows[0] in known:
            continue
        is_plain = many[lead.visit_id] == 1 and not many[one.visit_id] and lead.follows is None
        if is_plain and lead.staff == one.staff == 1 and lead.windows == one.windows:
            pairs[lead.visit_id] = one.visit_id
        else:
            waiting[one.visit_id] = lead.visit_id
    return Chains(pairs, waiting)


def narrowed(one: Asked, lead_start: datetime) -> tuple[Span, ...]:
    """Return a follower's windows once its lead has a time; empty: none of them is left."""
    assert one.follows is not None  # noqa: S101 - asked of followers only
    least, most = (timedelta(minutes=minutes) for minutes in one.follows[1:])
    return within(one.windows, [Span(lead_start + least, lead_start + most)])


def foresighted(lead: Asked, followers: Sequence[Asked]) -> tuple[Span, ...]:
    """Return a lead's windows cut so that its followers still have one; uncut when nothing would be left."""
    windows = lead.windows
    for one in followers:
        assert one.follows is not None  # noqa: S101 - asked of followers only
        least, most = (timedelta(minutes=minutes) for minutes in one.follows[1:])
        room = [Span(span.starts_at - most, span.ends_at - least) for span in one.windows]
        windows = within(windows, room) or windows
    return windows


def within(windows: Sequence[Span], room: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts of windows that lie in a room of spans (both ends included)."""
    cut = [
        Span(max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at))
        for one in windows
        for other in room
    ]
    found = sorted((one for one in cut if one.starts_at <= one.ends_at), key=lambda one: one.starts_at)
    merged: list[Span] = []
    for one in found:
        if merged and one.starts_at <= merged[-1].ends_at:
            merged[-1] = Span(merged[-1].starts_at, max(merged[-1].ends_at, one.ends_at))
        else:
            merged.append(one)
    return tuple(merged)
