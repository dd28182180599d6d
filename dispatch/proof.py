"""Was the visit real? Six elements (service, recipient, date, place, caregiver, times) and the witnesses.

The six elements are those of the US EVV law, which Chinese auditors ask for too (DOMAIN §5); the witnesses
are those of DESIGN §2. How they are weighed, in this order:

1. a *strong* contradiction decides: contradicted (the bed stayed occupied during the bath; the elder denies);
2. any other contradiction decides as well, unless a witness that the caregiver did not make agrees: doubted;
3. an element that is missing, or nobody but weak witnesses agreeing: doubted;
4. otherwise proven.

Weak are the printed code, which can be photographed, and what the caregiver's own phone made: photos,
signatures. They never prove a visit alone, and the latter never outweigh a contradiction. A witness without a
word changes nothing. Never blocks: a doubted visit is verified with flags; only settlement stops it. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch import home_witness, witnesses
from dispatch.home_witness import Home
from dispatch.witnesses import (
    ABSENT,
    AGREES,
    CONTRADICTS,
    Companion,
    Confirmation,
    Finding,
    Mark,
    Photo,
    Signature,
)

SKEW = timedelta(minutes=5)
"""A phone's clock may differ from ours by so much before it is flagged."""
LOCKED_AFTER = timedelta(hours=24)
"""What is reported later than this is back-filled (DOMAIN §5)."""
SHORTEST = 0.5
"""A planned visit shorter than this part of its minutes is short; so is the time that two were there."""
FASTEST_KMH = 90.0
"""Nobody comes faster than this from one home to the next, measured as the crow flies."""
NEAR_KM = 1.0
"""Nearer homes are left alone: positions of homes and ends of visits are not that exact."""
WEIGHED = ("completed", "verified")
"""States of a visit that has its proof, and may be weighed again."""
OWN = frozenset({"photo", "signature"})
"""Witnesses that the caregiver's own phone makes."""

PROVEN, DOUBTED, CONTRADICTED = "proven", "doubted", "contradicted"


@dataclass(frozen=True)
class Way:
    """From the caregiver's visit before: how far, and how many minutes lay between."""

    km: float
    minutes: float


@dataclass(frozen=True)
class Facts:
    """All that is known of a visit that has been checked out of.

    A window is [earliest start, latest start]; `further` are the others of the same day.
    """

    service: str
    is_known: bool
    is_recorded: bool
    is_emergency: bool
    recipient: str
    window_start: datetime
    window_end: datetime
    planned_on: date
    served_on: date
    minutes: int
    lat: float
    lon: float
    caregiver: str
    overlaps: int
    check_in: Mark
    check_out: Mark
    geofence_m: float
    grace: timedelta
    home: Home = home_witness.NOTHING
    confirmations: Sequence[Confirmation] = ()
    visit_id: UUID | None = None
    staff: int = 1
    companion: Companion | None = None
    photos: Sequence[Photo] = ()
    signatures: Sequence[Signature] = ()
    way: Way | None = None
    further: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True)
class Proof:
    """The verdict, with everything that it rests on."""

    verdict: str
    elements: dict[str, dict[str, Any]]
    witnesses: list[Finding]

    @property
    def flags(self) -> list[str]:
        """What is doubtful, as `element:code` and `witness:code`."""
        bad = [f"{name}:{one['code']}" for name, one in self.elements.items() if not one["ok"]]
        return bad + [f"{w['witness']}:{w['code']}" for w in self.witnesses if w["says"] == CONTRADICTS]


def decide(facts: Facts) -> Proof:
    """Weigh the six elements and the witnesses."""
    heard = {one["witness"]: one for one in _hear(facts)}
    elements = {
        "service": _service(facts),
        "recipient": _element(facts.recipient, good="present"),
        "date": _date(facts),
        "place": _place(heard["phone"], heard["code"]),
        "caregiver": _caregiver(facts, heard.get("companion")),
        "times": _times(facts),
    }
    found = list(heard.values())
    return Proof(weigh(all(one["ok"] for one in elements.values()), found), elements, found)


def weigh(is_whole: bool, heard: Sequence[Finding]) -> str:  # noqa: FBT001 - whether all six elements hold
    """Return the verdict of the rule above."""
    against = [one for one in heard if one["says"] == CONTRADICTS]
    agreeing = [one for one in heard if one["says"] == AGREES and one["witness"] not in OWN]
    if any(one.get("strong") for one in against) or (against and not agreeing):
        return CONTRADICTED
    is_seen = any(one["witness"] != "code" or one.get("strong") for one in agreeing)
    return PROVEN if is_seen and is_whole and not against else DOUBTED


def _hear(facts: Facts) -> list[Finding]:
    start, end = facts.check_in, facts.check_out
    heard = [
        witnesses.phone(start, end, facts.lat, facts.lon, facts.geofence_m),
        witnesses.code((start, end)),
        home_witness.devices(facts.service, start.at, end.at, facts.home),
        witnesses.people(facts.confirmations),
        witnesses.photos(facts.visit_id, start.at, end.at, facts.photos),
        witnesses.signatures(facts.signatures),
    ]
    if facts.staff > 1:
        place = (facts.lat, facts.lon)
        heard.append(witnesses.second(facts.companion, start.at, end.at, place, facts.geofence_m))
    return heard


def _element(found: str, good: str) -> dict[str, Any]:
    return {"ok": found == good, "code": found}


def _service(facts: Facts) -> dict[str, Any]:
    if not facts.is_known:
        return {"ok": False, "code": "unknown_service", "service": facts.service}
    if not facts.is_recorded:
        return {"ok": False, "code": "no_record", "service": facts.service}
    return {"ok": True, "code": "recorded", "service": facts.service}


def _date(facts: Facts) -> dict[str, Any]:
    days = (facts.served_on - facts.planned_on).days
    figures = {
        "planned_on": facts.planned_on.isoformat(),
        "served_on": facts.served_on.isoformat(),
        "days": days,
    }
    last = (facts.window_end - facts.window_start).days + 1 if facts.is_emergency else 0
    return {"ok": 0 <= days <= last, "code": "planned_day" if days == 0 else "another_day", **figures}


def _place(phone: Finding, code: Finding) -> dict[str, Any]:
    names = ("distance_m", "limit_m", "end_distance_m", "end_limit_m")
    figures: dict[str, Any] = {name: phone[name] for name in names if name in phone}
    if "end_distance_m" in phone:
        return {"ok": False, "code": "left_before", **figures}
    if phone["says"] == AGREES or (code["says"] == AGREES and phone["says"] == ABSENT):
        return {"ok": True, "code": "at_home", **figures}
    if code["says"] == AGREES:
        return {"ok": False, "code": "phone_elsewhere", **figures}
    if phone["says"] == CONTRADICTS:
        return {"ok": False, "code": "outside", **figures}
    return {"ok": False, "code": "not_known"}


def _caregiver(facts: Facts, second: Finding | None) -> dict[str, Any]:
    """Judge who came: qualified, and with the second person where the service wants two."""
    if facts.caregiver != "qualified" or second is None:
        return _element(facts.caregiver, good="qualified")
    if second["code"] in {"second_missing", "second_apart"}:
        return {"ok": False, "code": second["code"], "staff": facts.staff}
    minutes = (facts.check_out.at - facts.check_in.at).total_seconds() / 60
    if second["together_min"] < minutes * SHORTEST:
        return {"ok": False, "code": "second_short", "together_min": second["together_min"]}
    return {"ok": True, "code": "qualified", "staff": facts.staff, "together_min": second["together_min"]}


def _times(facts: Facts) -> dict[str, Any]:
    start, end = facts.check_in, facts.check_out
    skew = max(abs(m.received_at - m.at) for m in (start, end))
    minutes = round((end.at - start.at).total_seconds() / 60, 1)
    figures: dict[str, Any] = {
        "minutes": minutes,
        "planned_minutes": facts.minutes,
        "skew_s": round(skew.total_seconds()),
        "overlaps": facts.overlaps,
    }
    wrong = _wrong_times(facts, minutes, skew)
    if wrong == "impossible_travel" and facts.way:
        figures |= {"km": round(facts.way.km, 1), "way_minutes": round(facts.way.minutes, 1)}
    if wrong:
        return {"ok": False, "code": wrong, **figures}
    off = next((m.clock_off_s for m in (start, end) if m.clock == "off"), None)
    if off is not None:
        return {"ok": True, "code": "clock_off", "clock_off_s": abs(off), **figures}
    if "corrected" in (start.clock, end.clock):
        return {"ok": True, "code": "corrected", **figures}
    return {"ok": True, "code": "offline" if skew > SKEW else "in_time", **figures}


def _wrong_times(facts: Facts, minutes: float, skew: timedelta) -> str | None:
    start, end = facts.check_in, facts.check_out
    checks = (
        (minutes < 0, "reversed"),
        (start.at > start.received_at + SKEW or end.at > end.received_at + SKEW, "future"),
        ("moved" in (start.clock, end.clock), "clock_moved"),
        (skew > LOCKED_AFTER, "back_filled"),
        (facts.overlaps > 0, "overlapping"),
        (_is_impossible(facts.way), "impossible_travel"),
        (_is_outside(facts), "outside_window"),
        (not facts.is_emergency and minutes < facts.minutes * SHORTEST, "short"),
    )
    return next((code for is_wrong, code in checks if is_wrong), None)


def _is_impossible(way: Way | None) -> bool:
    return way is not None and way.km > NEAR_KM and way.km > max(way.minutes, 0.0) / 60 * FASTEST_KMH


def _is_outside(facts: Facts) -> bool:
    windows = ((facts.window_start, facts.window_end), *facts.further)
    return not any(
        since - facts.grace <= facts.check_in.at <= until + facts.grace for since, until in windows
    )
