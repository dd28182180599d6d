"""How long proofs of life reach, and what a home's devices can prove (pure). Rules: DOMAIN §3 and §7.

A proof shows that the person lived on its day and so on every day before it: what was withheld while a proof
had lapsed is due again once a later one is there. Nobody owes a proof before the first year of an enrolment
is over: the application was one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

METHODS = ("face", "device", "phone")
PERSONAL: Mapping[str, tuple[str, ...]] = {
    "care_bed_v1": ("heart_rate", "respiration_rate"),
    "bed_radar_v1": ("heart_rate", "respiration_rate"),
    "watch_v1": ("heart_rate", "steps"),
    "blood_pressure_v1": ("systolic",),
    "oximeter_v1": ("spo2",),
}
"""Values that come from the body of the one person whose device it is, by thing model."""
OF_THE_HOME: Mapping[str, tuple[str, ...]] = {
    "motion_v1": ("occupied",),
    "radar_v1": ("occupied", "respiration_rate"),
}
"""Values that somebody in the home causes: they speak for a person only who lives there alone."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a device noticed somebody living, and when; never what it measured."""

    device_id: UUID
    thing_model: str
    metric: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Until when a person is proven to live, and how that stands: `held`, `due` or `missed`."""

    until: date
    state: str


def valid_to(proven_on: date, months: int) -> date:
    """Return the last day of a proof that holds for some months: the day before the same day of the month."""
    number = proven_on.year * _MONTHS + proven_on.month - 1 + months
    first = date(number // _MONTHS, number % _MONTHS + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    same = first.replace(day=min(proven_on.day, last.day))
    return same - timedelta(days=1) if same.day == proven_on.day else same


def reach(enrolled_from: date, proofs: Iterable[tuple[date, date]], months: int) -> date:
    """Return the last day on which a person's proofs reach, those of an enrolment included."""
    return max([valid_to(enrolled_from, months), *(until for _, until in proofs)])


def compliant(
    enrolled_from: date, proofs: Sequence[tuple[date, date]], months: int
) -> tuple[tuple[date, date], ...]:
    """Return the days for which nothing is withheld: all days up to the last that a proof reaches."""
    first = min([enrolled_from, *(since for since, _ in proofs)])
    return ((date(first.year - _MONTHS, 1, 1), reach(enrolled_from, proofs, months)),)


def standing(until: date, today: date, warning_days: int) -> Due:
    """Say how a proof stands: due so many days before it lapses, missed after its last day."""
    if today > until:
        return Due(until, "missed")
    return Due(until, "due" if today > until - timedelta(days=warning_days) else "held")


def evidence(
    states: Iterable[Mapping[str, Any]], since: datetime, now: datetime, *, lives_alone: bool
) -> Evidence | None:
    """Return the newest sign of life between two instants, or None.

    A state is {device_id, thing_model, values {name: [value, at]}}; a value of nought or false is no sign.
    """
    found: list[Evidence] = []
    for state in states:
        model = state["thing_model"]
        names = (*PERSONAL.get(model, ()), *(OF_THE_HOME.get(model, ()) if lives_alone else ()))
        for name in names:
            value, at = (state["values"] or {}).get(name, (None, None))
            moment = datetime.fromisoformat(at) if value else None
            if moment is not None and since <= moment <= now:
                found.append(Evidence(state["device_id"], model, name, moment))
    return max(found, key=lambda one: one.at, default=None)
