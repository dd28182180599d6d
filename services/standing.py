"""How persons stand under schemes: asked now, or as each monthly run recorded it."""

from datetime import date
from uuid import UUID

from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict, NotFound
from core.sql import load
from services import enrolments, schemes, standings, subjects
from services.policy import Scheme
from services.standings import Mark, Standing

SQL = load(__file__)
__all__ = ["Mark", "Standing", "check_eligible", "in_force", "of", "recorded"]


async def in_force(conn: Conn, on: date) -> dict[str, Scheme]:
    """Return the district's signed schemes on a day, by code."""
    rows = await conn.fetch(SQL.list_schemes_on, on)
    return {row["code"]: schemes.read(row["body"]) for row in rows}


async def of(conn: Conn, elder: UUID, scheme_code: str, on: date) -> Standing:
    """Return how a person stands under a scheme on a day; raise NotFound for either."""
    scheme = (await in_force(conn, on)).get(scheme_code)
    if scheme is None:
        raise NotFound(f"no scheme {scheme_code} on {on}")
    subject = await subjects.find(conn, elder)
    last = (await enrolments.last_entries(conn, [elder])).get((elder, scheme_code))
    months = await proof_months(conn)
    return standings.judge(scheme, subject, on, last, proof_months=months)


async def proof_months(conn: Conn) -> int:
    """Return how long a proof of life holds in the current district."""
    return DistrictSettings.model_validate(await conn.fetchval(SQL.find_own_settings) or {}).life_proof_months


async def check_eligible(conn: Conn, elder: UUID, scheme_code: str, on: date) -> None:
    """Raise Conflict `not_eligible` naming the conditions that are not met on a day."""
    found = await of(conn, elder, scheme_code, on)
    if not found.eligible.holds:
        codes = ", ".join(str(one["code"]) for one in found.eligible.reasons)
        unmet = [dict(one) for one in found.eligible.reasons]
        raise Conflict(f"the person is not eligible: {codes}", code="not_eligible", conditions=unmet)


async def recorded(conn: Conn, elder: UUID, most: int = 24) -> list[Row]:
    """Return a person's standings as the monthly runs recorded them, newest first."""
    return await conn.fetch(SQL.list_recorded, elder, most)
