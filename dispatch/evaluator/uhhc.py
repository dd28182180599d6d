"""Prices a plan of a UHHC instance by its nine components, and finds what breaks its rules.

Stricter than the publishers' toolbox: starts together are checked, stretched services and stray lunches are
`lenient`, and who is left out of the file is idle for the whole shift.
"""

from collections.abc import Iterable
from typing import NamedTuple

from core.errors import Failure
from dispatch.evaluator.report import Findings, Report, decode
from dispatch.evaluator.uhhc_files import (
    LUNCH,
    Caregiver,
    Distance,
    Instance,
    Location,
    Needed,
    Patient,
    Solution,
)
from dispatch.evaluator.uhhc_routes import Day, Stop, walk

SLACK = 1e-6
COMPONENTS = (
    "travel_time",
    "total_tardiness",
    "highest_tardiness",
    "total_waiting_time",
    "total_extra_time",
    "max_idle_time",
    "caregiver_preferences",
    "optional_patients",
    "missed_lunch_break",
)


class Given(NamedTuple):
    """A service that was given: by whom, when, and how late."""

    caregiver: str
    service: str
    start: float
    late: float


def evaluate(instance: bytes, solution: bytes) -> Report:
    """Price a plan."""
    file, plan = decode(Instance, instance, "instance"), decode(Solution, solution, "solution")
    found = Findings()
    days = _days(file, plan, found)
    patients = {one.id: one for one in file.patients}
    given: dict[str, list[Given]] = {one.id: [] for one in file.patients}
    for day in days:
        for stop in day.visits:
            _visit(file, patients[stop.patient], day.carer, stop, found)
            late = lateness(patients[stop.patient], stop, is_at_start=file.is_at_start)
            given[stop.patient].append(Given(day.carer.id, stop.service, stop.start, late))
    unserved = sum(_patient(one, given[one.id], found) for one in file.patients)
    _lunches(file, days, given, found)
    lates = [one.late for some in given.values() for one in some]
    raw = {
        "travel_time": sum(day.travel for day in days),
        "total_tardiness": sum(lates),
        "highest_tardiness": max(lates, default=0.0),
        "total_waiting_time": sum(day.waiting for day in days),
        "total_extra_time": sum(day.extra for day in days),
        "max_idle_time": max((day.idle for day in days), default=0.0),
        "caregiver_preferences": float(sum(_unwished(one, given[one.id]) for one in file.patients)),
        "optional_patients": float(unserved),
        "missed_lunch_break": float(_missed(file, days)),
    }
    weights = file.metadata.cost_components
    cost = {name: weights.get(name, 0.0) * raw[name] for name in COMPONENTS}
    return Report(cost, raw, tuple(found.violations), tuple(found.lenient))


def lateness(patient: Patient, stop: Stop, *, is_at_start: bool) -> float:
    """Return how late a service is for the last window that opened before it started."""
    opened = [one for one in patient.time_windows if one.start <= stop.start + SLACK]
    window = opened[-1] if opened else patient.time_windows[0]
    late = (stop.start if is_at_start else stop.end) - window.end
    return late if late > SLACK else 0.0


def _days(file: Instance, plan: Solution, found: Findings) -> list[Day]:
    """Return a day for every caregiver of the instance, whether the plan names them or not."""
    carers, patients = {one.id for one in file.caregivers}, {one.id for one in file.patients}
    stops: dict[str, list[Stop]] = {}
    for route in plan.routes:
        name = route.caregiver_id
        if name not in carers or name in stops:
            found.breaks("caregiver_twice" if name in stops else "unknown_caregiver", name)
            continue
        for stop in route.locations:
            if stop.patient not in patients:
                found.breaks("unknown_patient", stop.patient)
        known = [_stop(one) for one in route.locations if one.patient in patients]
        stops[name] = sorted(known, key=lambda one: (one.start, one.end))
    return [walk(file, one, stops.get(one.id, []), found) for one in file.caregivers]


def _stop(one: Location) -> Stop:
    """Return a stop by whichever of the three pairs of names its times stand under."""
    pairs = (
        (one.arrival_time, one.departure_time),
        (one.start_service_time, one.end_service_time),
        (one.start_time, one.end_time),
    )
    for start, end in pairs:
        if start is not None and end is not None:
            return Stop(one.patient, one.service, start, end)
    raise Failure(f"solution: the stop {one.service} at {one.patient} has no start and end")


def _visit(file: Instance, patient: Patient, carer: Caregiver, stop: Stop, found: Findings) -> None:
    """Look at one service: who gives it, when, and for how long."""
    where = f"{carer.id} at {stop.patient}/{stop.service}"
    if stop.service not in carer.abilities:
        found.breaks("skill", where)
    if carer.id in (patient.incompatible_caregivers or ()):
        found.breaks("incompatible", where)
    if stop.start < patient.time_windows[0].start - SLACK:
        found.breaks("early", where, patient.time_windows[0].start - stop.start)
    for needed in patient.required_services:
        if needed.service == stop.service:
            took, wanted = stop.end - stop.start, _duration(file, needed)
            if took < wanted - SLACK:
                found.breaks("duration", where, took - wanted)
            elif took > wanted + SLACK:
                found.stretches("duration", where, took - wanted)
            return


def _duration(file: Instance, needed: Needed) -> float:
    if needed.duration is not None:
        return needed.duration
    return next((one.default_duration for one in file.services if one.id == needed.service), 0.0)


def _patient(patient: Patient, given: list[Given], found: Findings) -> int:
    """Look at what one patient was given; return 1 if it was nothing at all."""
    wanted = [one.service for one in patient.required_services]
    if not given:
        if not patient.optional:
            found.breaks("unserved", patient.id)
        return 1
    if sorted(one.service for one in given) != sorted(wanted):
        found.breaks("served", f"{patient.id}: {_list(one.service for one in given)} of {_list(wanted)}")
    elif len(wanted) > 1:
        first, second = sorted(given, key=lambda one: (wanted.index(one.service), one.start))
        _pair(patient, first, second, found)
    return 0


def _pair(patient: Patient, first: Given, second: Given, found: Findings) -> None:
    """Look at two services of one patient: together, or one after the other."""
    how, gap = patient.synchronization, second.start - first.start
    if first.caregiver == second.caregiver:
        found.breaks("same_caregiver", patient.id)
    if how is not None and how.type == "simultaneous" and abs(gap) > SLACK:
        found.breaks("simultaneous", patient.id, gap)
    if how is not None and how.type == "sequential":
        distance = how.distance or Distance(0.0, 0.0)
        if not distance.min - SLACK <= gap <= distance.max + SLACK:
            found.breaks("sequential", patient.id, gap)


def _lunches(file: Instance, days: list[Day], given: dict[str, list[Given]], found: Findings) -> None:
    """Look at every lunch: when, how long, where, and whose."""
    rule = file.lunch_breaks
    for day in days:
        for stop in day.lunches:
            where = f"{day.carer.id}: {LUNCH} at {stop.patient}"
            if rule is None:
                found.breaks("lunch_unknown", where)
                continue
            met = stop.start if file.is_at_start else stop.end
            if stop.start < rule.start - SLACK or met > rule.end + SLACK:
                found.breaks("lunch_time", where, stop.start)
            took = stop.end - stop.start - rule.min_duration
            if took < -SLACK:
                found.breaks("lunch_duration", where, took)
            elif took > SLACK:
                found.stretches("lunch_duration", where, took)
            if not given[stop.patient] and len(day.stops) > 1:
                found.breaks("lunch_at_nobody", where)
        _stray(day, found)


def _stray(day: Day, found: Findings) -> None:
    """Note the lunches that only the publishers' tool would let pass."""
    name = day.carer.id
    if day.lunches and not day.carer.lunch_break:
        found.stretches("lunch_not_due", name)
    if len(day.lunches) > 1:
        found.stretches("two_lunches", name)
    for nth, stop in enumerate(day.stops):
        after = day.stops[nth + 1] if nth + 1 < len(day.stops) else None
        if stop.service == LUNCH and (
            after is None or after.patient != stop.patient or after.service == LUNCH
        ):
            found.stretches("lunch_elsewhere", f"{name}: {LUNCH} at {stop.patient}")


def _missed(file: Instance, days: list[Day]) -> int:
    """Return how many have no lunch who should; without a rule of lunches nobody should."""
    if file.lunch_breaks is None:
        return 0
    return sum(day.carer.lunch_break and not day.lunches for day in days)


def _unwished(patient: Patient, given: list[Given]) -> int:
    """Return how many services of a patient were given by somebody who was not wished for."""
    wished = patient.preferred_caregivers or ()
    return sum(one.caregiver not in wished for one in given) if wished else 0


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
