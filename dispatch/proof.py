"""Was the visit real? Six elements (service, recipient, date, place, caregiver, times) and the witnesses.

Never blocks: a doubted visit is verified with its flags, and only settlement stops it. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dispatch import witnesses
from dispatch.witnesses import ABSENT, AGREES, CONTRADICTS, Confirmation, Finding, Mark, Reading, Sensor

SKEW = timedelta(minutes=5)
"""A phone's clock may differ from ours by so much before it is flagged."""
LOCKED_AFTER = timedelta(hours=24)
"""What is reported later than this is back-filled (DOMAIN §5)."""
SHORTEST = 0.5
"""A planned visit shorter than this part of its minutes is short."""

PROVEN, DOUBTED, CONTRADICTED = "proven", "doubted", "contradicted"


@dataclass(frozen=True)
class Facts:
    """All that is known of a visit that has been checked out of."""

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
    sensors: Sequence[Sensor] = ()
    readings: Sequence[Reading] = ()
    confirmations: Sequence[Confirmation] = ()


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
    heard = [
        witnesses.phone(facts.check_in, facts.lat, facts.lon, facts.geofence_m),
        witnesses.code((facts.check_in, facts.check_out)),
        witnesses.devices(
            facts.service, facts.check_in.at, facts.check_out.at, facts.sensors, facts.readings
        ),
        witnesses.people(facts.confirmations),
    ]
    elements = {
        "service": _service(facts),
        "recipient": _element(facts.recipient, good="present"),
        "date": _date(facts),
        "place": _place(heard[0], heard[1]),
        "caregiver": _element(facts.caregiver, good="qualified"),
        "times": _times(facts),
    }
    return Proof(_verdict(elements, heard), elements, heard)


def _verdict(elements: dict[str, dict[str, Any]], heard: list[Finding]) -> str:
    """Weigh: a strong contradiction decides; a weak one does unless another witness agrees."""
    against = [w for w in heard if w["says"] == CONTRADICTS]
    agreed = any(w["says"] == AGREES for w in heard)
    if any(w.get("strong") for w in against) or (against and not agreed):
        return CONTRADICTED
    if against or not agreed or not all(one["ok"] for one in elements.values()):
        return DOUBTED
    return PROVEN


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
    figures: dict[str, Any] = {name: phone[name] for name in ("distance_m", "limit_m") if name in phone}
    if phone["says"] == AGREES or (code["says"] == AGREES and phone["says"] == ABSENT):
        return {"ok": True, "code": "at_home", **figures}
    if code["says"] == AGREES:
        return {"ok": False, "code": "phone_elsewhere", **figures}
    if phone["says"] == CONTRADICTS:
        return {"ok": False, "code": "outside", **figures}
    return {"ok": False, "code": "not_known"}


def _times(facts: Facts) -> dict[str, Any]:
    start, end = facts.check_in, facts.check_out
    skew = max((abs(m.received_at - m.at) for m in (start, end)), default=timedelta())
    minutes = round((end.at - start.at).total_seconds() / 60, 1)
    figures = {
        "minutes": minutes,
        "planned_minutes": facts.minutes,
        "skew_s": round(skew.total_seconds()),
        "overlaps": facts.overlaps,
    }
    wrong = _wrong_times(facts, minutes, skew)
    if wrong:
        return {"ok": False, "code": wrong, **figures}
    return {"ok": True, "code": "offline" if skew > SKEW else "in_time", **figures}


def _wrong_times(facts: Facts, minutes: float, skew: timedelta) -> str | None:
    start, end = facts.check_in, facts.check_out
    checks = (
        (minutes < 0, "reversed"),
        (start.at > start.received_at + SKEW or end.at > end.received_at + SKEW, "future"),
        (skew > LOCKED_AFTER, "back_filled"),
        (facts.overlaps > 0, "overlapping"),
        (_is_outside(facts), "outside_window"),
        (not facts.is_emergency and minutes < facts.minutes * SHORTEST, "short"),
    )
    return next((code for is_wrong, code in checks if is_wrong), None)


def _is_outside(facts: Facts) -> bool:
    first, last = facts.window_start - facts.grace, facts.window_end + facts.grace
    return not first <= facts.check_in.at <= last
