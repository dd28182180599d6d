"""Much shorter than planned and billed (DOMAIN §6, kind 2). Pure.

Three signs: the recorded minutes; a check-out in time, but from far away; the home's door, which last moved
long before the check-out although it had moved after the check-in.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from dispatch.geo import distance_km
from services.fraud import places
from services.fraud.hearing import Homes, Others, Placeless, prior
from services.fraud.records import Evidence, Finding, Month, Visit
from services.fraud.thresholds import Thresholds

_LONG = 30.0
_NEXT_M = 300.0
_NEXT = timedelta(minutes=25)
_SLOWEST = 10.0
_LATE_SHARE = 0.05
"""How often an honest check-out is made away from the home."""
Said = tuple[float, Evidence]


class _Ears:
    """What is usual in the homes and on the phones of a month."""

    def __init__(self, visits: Sequence[Visit], own: Mapping[str, Any], others: Others) -> None:
        self.homes, self.placeless = Homes(visits, own, others), Placeless(visits, own)
        self.own_door, self.most_prior, self.others = own["own_door"], own["most_prior"], others
        self.miss_most = own["miss_most"]


def check(month: Month, figures: Thresholds, others: Others) -> Iterator[Finding]:
    """Find visits that were short by their own minutes, by the phone or by the door."""
    own = figures["shortened"]
    following, ears = _following(month.visits), _Ears(month.visits, figures["presence"], others)
    homes = places.learned(month.visits, figures["faked_place"])
    for visit in month.visits:
        if not visit.planned:
            continue
        signs = [_short(visit, visit.planned, own)]
        signs.append(_left_early(visit, visit.planned, ears, own))
        signs.append(_away(visit, visit.planned, following.get(visit.id), month.geofence_m, homes, own))
        said = [one for one in signs if one is not None]
        if said:
            score = min(0.98, max(one for one, _ in said) + 0.05 * (len(said) - 1))
            yield Finding("shortened", visit.id, (visit.id,), score, tuple(one for _, one in said))


def _short(visit: Visit, planned: float, own: Mapping[str, float]) -> Said | None:
    share = own["part_confirmed"] if visit.says("elder") == "agrees" else own["part"]
    limit = share - own["slack_minutes"] / planned
    part = visit.minutes / planned
    if not 0 <= part < limit:
        return None
    figures = {"minutes": round(visit.minutes, 1), "planned_minutes": round(planned)}
    return 0.9 if part < 0.8 * limit else 0.75, {"code": "short", **figures}


def _left_early(visit: Visit, planned: float, ears: _Ears, own: Mapping[str, float]) -> Said | None:
    """Judge how long before the check-out the door last moved: neither just after coming nor at the end.

    An honest visit looks so when the door's sensor missed the leaving, and the door had moved before.
    """
    if visit.code("devices") != "nobody_left":
        return None
    gone = float(visit.witnesses["devices"].get("minutes", 0))
    stayed = visit.minutes - gone - _slow(visit)
    is_long = stayed >= own["stayed_part"] * planned
    if gone < own["gone_minutes"] or is_long or stayed < own["stayed_minutes"]:
        return None
    rate, _ = ears.homes.missing(visit)
    if rate > ears.miss_most:
        return None
    honest = rate * ears.own_door
    if visit.end.place is None:
        honest *= ears.placeless.share(visit)
    elif "end_distance_m" in visit.witnesses.get("phone", {}):
        honest *= _LATE_SHARE
    share, _ = prior(own["gone_prior"], ears.others, visit, ears.most_prior)
    score = share / (share + (1 - share) * honest)
    if score < own["gone_score"]:
        return None
    return round(score, 4), {"code": "left_early", "minutes": round(stayed), "gone_minutes": round(gone)}


def _slow(visit: Visit) -> float:
    """Return by how many minutes the phone's clock is slow, at most: the door's movements are ours."""
    off = min((mark.received_at - mark.at).total_seconds() / 60 for mark in (visit.start, visit.end))
    return off if 0 < off < _SLOWEST else 0.0


def _away(
    visit: Visit,
    planned: float,
    following: Visit | None,
    geofence_m: float,
    homes: Mapping[str, places.Place],
    own: Mapping[str, float],
) -> Said | None:
    """Judge a check-out in time but far away; one at the next home's door was only forgotten."""
    beyond = places.away(visit, visit.end, homes, geofence_m)
    if beyond is None or beyond < own["away_m"] or (visit.end.accuracy_m or 0) > own["vague_m"]:
        return None
    if visit.minutes > own["on_time_part"] * planned + 1 or not _began_at_home(visit, geofence_m):
        return None
    if visit.code("devices") == "door_moved" and planned >= _LONG:
        return None  # somebody left at the end: the door says so
    if following is not None and _is_at(visit, following):
        return None
    return 0.85, {"code": "checked_out_elsewhere", "metres": round(beyond + geofence_m)}


def _began_at_home(visit: Visit, geofence_m: float) -> bool:
    """Say whether the check-in was not as far away itself: then the place is the question, not the length."""
    if visit.start.place is None or visit.place is None:
        return True
    away = distance_km(*visit.start.place, *visit.place) * 1000
    return away <= 2 * geofence_m + (visit.start.accuracy_m or 0)


def _is_at(visit: Visit, following: Visit) -> bool:
    """Say whether the check-out was made at the next home, about when the next visit began."""
    there, place = following.place, visit.end.place
    if there is None or place is None or abs(following.start.at - visit.end.at) > _NEXT:
        return False
    return distance_km(*place, *there) * 1000 - (visit.end.accuracy_m or 0) < _NEXT_M


def _following(visits: Sequence[Visit]) -> dict[str, Visit]:
    """Return the next visit of the same caregiver, by visit."""
    by_caregiver: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_caregiver[visit.caregiver].append(visit)
    made: dict[str, Visit] = {}
    for mine in by_caregiver.values():
        mine.sort(key=lambda v: (v.start.at, v.id))
        made |= {one.id: after for one, after in pairwise(mine)}
    return made
