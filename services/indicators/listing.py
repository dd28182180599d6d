"""What a figure counts, one by one: the drill-down of each indicator."""

from zoneinfo import ZoneInfo

from core.clock import ZONE
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from services.indicators import counting, definitions
from services.indicators.definitions import Period

SQL = load(__file__)
LISTS = {
    "served": SQL.served,
    "claims": SQL.claims,
    "allowances": SQL.allowances,
    "registered": SQL.registered,
    "enrolled": SQL.enrolled,
    "beds": SQL.beds,
    "assessed": SQL.assessed,
    "rated": SQL.rated,
    "called_back": SQL.called_back,
    "complaints": SQL.complaints,
    "proofs": SQL.proofs,
    "cases": SQL.cases,
    "arrivals": SQL.arrivals,
    "caregivers": SQL.caregivers,
    "places": SQL.places,
    "meals": SQL.meals,
    "calls": SQL.calls,
}
KINDS = {"meal_points": "meal_point", "day_care": "day_care", "institutions": "institution"}
"""Which places an undivided figure counts."""


async def list_(
    conn: Conn,
    code: str,
    split: str,
    period: Period,
    *,
    skip: int = 0,
    limit: int = 100,
    zone: ZoneInfo = ZONE,
) -> list[Row]:
    """Return {id, kind, title, day, code, counts} of what a figure counts; `counts` false: only divided by.

    Raises NotFound for a figure that has no list.
    """
    indicator = definitions.find(code)
    if indicator is None or not indicator.lists:
        raise NotFound(f"no list of {code}")
    bounds = counting.bounds(period, zone)
    part = split if indicator.split else KINDS.get(code, "")
    return await conn.fetch(LISTS[indicator.lists], *bounds, part, skip, limit)
