"""Makers of a visit and a month as records."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.fraud import judging, thresholds
from services.fraud.records import Finding, Mark, Month, Visit

HOME = (37.88, 118.53)
NINE = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)  # nine o'clock in China


def mark(at: datetime, late: timedelta = timedelta(0), **given: Any) -> Mark:
    return Mark(at, at + late, **given)


def visit(name: str, begin: datetime = NINE, /, minutes: float = 60, **given: Any) -> Visit:
    made = Visit(
        id=name,
        person="p1",
        caregiver="c1",
        provider="s1",
        service="clean",
        start=mark(begin),
        end=mark(begin + timedelta(minutes=minutes)),
        home="h1",
        place=HOME,
        planned=60,
    )
    return replace(made, **given)


def devices(says: str, code: str, **figures: Any) -> dict[str, dict[str, Any]]:
    return {"devices": {"witness": "devices", "says": says, "code": code, **figures}}


def judged(*visits: Visit, **given: Any) -> list[Finding]:
    own = given.pop("figures", thresholds.defaults())
    return judging.judge(Month(date(2026, 10, 1), visits, **given), own)


def kinds(*visits: Visit, **given: Any) -> dict[str, list[str]]:
    """Return the kinds found by visit, the main one first."""
    made: dict[str, list[str]] = {}
    for one in sorted(judged(*visits, **given), key=lambda one: not one.is_main):
        if one.visit is not None:
            made.setdefault(one.visit, []).append(one.kind)
    return made
