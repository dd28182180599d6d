"""Entered long afterwards (DOMAIN §6, kind 5). Pure.

A phone without network sends what it kept as soon as it has network again. What arrives a day late, while
other marks of the same phone arrived at once in between, was not kept by the phone: it was entered later.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from services.fraud import support
from services.fraud.records import Finding, Month, Visit
from services.fraud.thresholds import Thresholds

_BETWEEN = timedelta(minutes=30)


def check(month: Month, figures: Thresholds) -> Iterator[Finding]:
    """Find visits of which both marks arrived late, without the network or a witness to excuse it."""
    own = figures["back_filled"]
    live = _heard(month.visits, timedelta(minutes=own["live_minutes"]))
    for visit in month.visits:
        hours = min(
            _late(visit.start.at, visit.start.received_at), _late(visit.end.at, visit.end.received_at)
        )
        if hours <= own["hours"] or visit.is_corrected:
            continue
        heard = _between(live.get(visit.caregiver, []), visit)
        if _is_entered(visit, hours > own["sure_hours"], heard):
            score = 0.95 if heard else 0.8
            figures_ = {
                "hours": round(hours, 1),
                "heard": heard,
                "received_on": f"{visit.start.received_at:%F}",
            }
            yield Finding(
                "back_filled", visit.id, (visit.id,), score, ({"code": "entered_late", **figures_},)
            )


def _is_entered(visit: Visit, is_long: bool, heard: int) -> bool:  # noqa: FBT001 - longer than any network fails
    """Say whether it was entered later: the phone could have sent it, or nothing tells of the day itself."""
    if is_long and heard:
        return True
    is_seen = support.is_independent(visit) or (not heard and visit.says("phone") == "agrees")
    return (is_long or heard > 0) and not is_seen


def _late(at: datetime, received: datetime) -> float:
    return (received - at).total_seconds() / 3600


def _heard(visits: Sequence[Visit], soon: timedelta) -> Mapping[str, list[datetime]]:
    """Return by caregiver when the phone was heard at once, in order."""
    made: dict[str, list[datetime]] = defaultdict(list)
    for visit in visits:
        for mark in (visit.start, visit.end):
            if abs(mark.received_at - mark.at) <= soon:
                made[visit.caregiver].append(mark.received_at)
    for heard in made.values():
        heard.sort()
    return made


def _between(heard: Sequence[datetime], visit: Visit) -> int:
    since, until = visit.end.at + _BETWEEN, visit.start.received_at - _BETWEEN
    return max(0, bisect_left(heard, until) - bisect_right(heard, since))
