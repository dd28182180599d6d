"""A contract's terms as data: response minutes of emergencies, hours of a month, what a breach costs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from core import audit
from core.db import Conn, Row
from core.errors import Invalid, NotFound
from core.sql import load
from services.pricing import ZERO

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Terms:
    """Amounts in yuan, hours of a month; None: nothing is promised."""

    response_minutes: int | None = None
    late_penalty: Decimal = ZERO
    hours_most: Decimal | None = None
    hours_least: Decimal | None = None
    hours_penalty: Decimal = ZERO
    overlap_minutes: int = 5


async def set_(conn: Conn, contract: UUID, terms: Terms, by: UUID | None, now: datetime) -> None:
    """Set a contract's terms; they count from the next check on. Raises NotFound, Invalid."""
    row = await conn.fetchrow(SQL.find_contract, contract)
    if row is None:
        raise NotFound(f"no contract {contract}")
    least, most = terms.hours_least, terms.hours_most
    if least is not None and most is not None and least > most:
        words = "hours_least: more than hours_most"
        raise Invalid(words, [{"field": "hours_least", "code": "range", "message": words}])
    hours = (terms.hours_most, terms.hours_least, terms.hours_penalty)
    values = (terms.response_minutes, terms.late_penalty, *hours, terms.overlap_minutes, by, now)
    await conn.execute(SQL.set_terms, contract, row["district_id"], *values)
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by,
        action="contract.terms",
        subject_kind="contract",
        subject=contract,
    )


async def list_(conn: Conn, provider: UUID | None = None) -> list[Row]:
    """Return contracts with their terms."""
    return await conn.fetch(SQL.list_terms, provider)
