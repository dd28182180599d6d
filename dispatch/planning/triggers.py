"""What upsets a day: a visit called off, somebody ill, on leave or late, an emergency. Pure.

{"kind": "cancelled", "visit_id"}, {"kind": "sick" | "leave", "caregiver_id", "from", "to"},
{"kind": "late", "caregiver_id", "minutes", "at"}, {"kind": "emergency", "visit_id"}; instants in ISO 8601.
`is_noted`: the roster says so already, nothing is left to note when the repair is accepted.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import local_date
from dispatch import fields
from dispatch.planning.shapes import DayFacts
from dispatch.roster.fitness import CaregiverFacts, Leave

KINDS = ("cancelled", "sick", "late", "emergency", "leave")
LONGEST = timedelta(days=400)
MOST_LATE = 24 * 60
BREAKING = 4.0
"""How many times as much a broken promise counts in a repair than in a plan: people keep what they have."""
_ASKS = {
    "cancelled": ("visit_id",),
    "emergency": ("visit_id",),
    "sick": ("caregiver_id", "from", "to"),
    "leave": ("caregiver_id", "from", "to"),
    "late": ("caregiver_id", "minutes"),
}


def read(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return a trigger as rows keep it; raise Invalid naming the field that is wrong."""
    kind = str(given.get("kind", ""))
    fields.one_of("trigger.kind", kind, KINDS)
    found: dict[str, Any] = {"kind": kind}
    for name in _ASKS[kind]:
        found[name] = _value(name, given.get(name))
    if given.get("on"):
        found["on"] = _value("on", given["on"])
    if given.get("is_noted"):
        found["is_noted"] = True
    if kind == "late":
        found["at"] = now.isoformat()
    if "from" in found and not timedelta() < _at(found, "to") - _at(found, "from") <= LONGEST:
        raise fields.wrong("trigger.to", "before_start", f"after `from`, within {LONGEST.days} days")
    return found


def _value(name: str, value: object) -> object:
    try:
        if name.endswith("_id"):
            return str(UUID(str(value)))
        if name == "minutes":
            return _minutes(float(str(value)))
        if name == "on":
            return date.fromisoformat(str(value)).isoformat()
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise fields.wrong(f"trigger.{name}", "missing", f"a {name} is wanted") from None
    if at.tzinfo is None:
        raise fields.wrong(f"trigger.{name}", "missing", "an instant with its zone is wanted")
    return at.isoformat()


def _minutes(value: float) -> float:
    if not 0 < value <= MOST_LATE:
        raise ValueError
    return value


def first_day(trigger: Mapping[str, Any], now: datetime) -> date:
    """Return the first local day that a trigger touches; what is past is past."""
    if "from" in trigger:
        return local_date(max(_at(trigger, "from"), now))
    return date.fromisoformat(trigger["on"]) if "on" in trigger else local_date(now)


def span(trigger: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime] | None:
    """Return from when to when somebody is away; None: that is not what happened."""
    if "from" not in trigger:
        return None
    return max(_at(trigger, "from"), now), _at(trigger, "to")


def apply(facts: DayFacts, trigger: Mapping[str, Any]) -> DayFacts:
    """Return the day as it is with what has happened; without a trigger it stays as it is."""
    if not trigger:
        return facts
    manner = facts.manner
    manner = replace(manner, change=manner.change * BREAKING, shift=manner.shift * BREAKING)
    return _upset(replace(facts, manner=manner), trigger)


def _upset(facts: DayFacts, trigger: Mapping[str, Any]) -> DayFacts:
    kind = trigger["kind"]
    if kind in {"sick", "leave"}:
        return _without(facts, UUID(trigger["caregiver_id"]), trigger)
    if kind == "late":
        who, since = UUID(trigger["caregiver_id"]), _at(trigger, "at") + timedelta(minutes=trigger["minutes"])
        late = {**facts.late, who: since}
        return replace(facts, late=late, released=facts.released | {who})
    if kind == "cancelled":
        gone = UUID(trigger["visit_id"])
        return replace(facts, visits=tuple(one for one in facts.visits if one.visit_id != gone))
    return facts


def _without(facts: DayFacts, who: UUID, trigger: Mapping[str, Any]) -> DayFacts:
    away = Leave(_at(trigger, "from"), _at(trigger, "to"), str(trigger["kind"]))
    caregivers = tuple(_away(one, away) if one.caregiver_id == who else one for one in facts.caregivers)
    return replace(facts, caregivers=caregivers, released=facts.released | {who})


def _away(one: CaregiverFacts, away: Leave) -> CaregiverFacts:
    return replace(one, leaves=(*one.leaves, away))


def _at(trigger: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(str(trigger[name]))
