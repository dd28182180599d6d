"""What a caregiver has done in a month: visits, hours, kilometres between homes. Pure; no wage is known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from core.clock import local_date
from dispatch.geo import distance_km

Visit = Mapping[str, Any]
"""{started_at, ended_at, lat, lon, service, verdict}, in order of started_at."""


def of_month(visits: Sequence[Visit], factor: float) -> dict[str, Any]:
    """Return {visits, hours, km, proven, days: [{on, visits, hours, km}]}; `factor`: road over air line."""
    days = [_day(on, list(group), factor) for on, group in groupby(visits, key=_on)]
    return {
        "visits": len(visits),
        "proven": sum(one["verdict"] == "proven" for one in visits),
        "hours": round(sum(day["hours"] for day in days), 1),
        "km": round(sum(day["km"] for day in days), 1),
        "days": days,
    }


def _on(visit: Visit) -> date:
    return local_date(visit["started_at"])


def _day(on: date, visits: list[Visit], factor: float) -> dict[str, Any]:
    return {"on": on, "visits": len(visits), "hours": _hours(visits), "km": _km(visits, factor)}


def _hours(visits: Iterable[Visit]) -> float:
    seconds: float = sum((one["ended_at"] - one["started_at"]).total_seconds() for one in visits)
    return round(seconds / 3600, 2)


def _km(visits: Iterable[Visit], factor: float) -> float:
    legs = (distance_km(a["lat"], a["lon"], b["lat"], b["lon"]) for a, b in pairwise(visits))
    return round(sum(legs) * factor, 2)
