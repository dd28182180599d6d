"""Billed although the registers say that the person was dead or away (DOMAIN §6, kind 6). Pure."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from services.fraud.records import Finding, Month, Person, Visit
from services.fraud.thresholds import Thresholds


def check(month: Month, figures: Thresholds) -> Iterator[Finding]:
    """Find visits after the day of death, or between the first and the last day of an absence.

    The days themselves are nobody's fault: a person may be served before the ambulance comes.
    """
    own, zone = figures["billed_away"], ZoneInfo(month.zone)
    for visit in month.visits:
        person = month.persons.get(visit.person)
        if person is not None and visit.service not in own["services_allowed"]:
            yield from _away(visit, person, own["score_dead"], own["score_away"], zone)


def _away(visit: Visit, person: Person, dead: float, away: float, zone: ZoneInfo) -> Iterator[Finding]:
    day = visit.start.at.astimezone(zone).date()
    if person.died_on is not None and day > person.died_on:
        said = {"code": "after_death", "died_on": f"{person.died_on}", "days": (day - person.died_on).days}
        yield Finding("billed_away", visit.id, (visit.id,), dead, (said,))
        return
    for one in person.absences:
        if one.first < day and (one.last is None or day < one.last):
            said = {"code": f"while_{one.kind}", "first": f"{one.first}", "last": str(one.last or "")}
            yield Finding("billed_away", visit.id, (visit.id,), away, (said,))
            return
