"""Samples of claims for call-back and home check: drawn by a stored seed, with what was found at the door."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services import sampling
from services.sampling import Checked, Estimate, Unit

SQL = load(__file__)
METHODS = ("call_back", "home_check")
WRONG = ("not_made", "shorter", "other_service", "goods_instead", "signed_by_other")
"""Outcomes after which something of the amount was not due."""
OUTCOMES = ("as_billed", *WRONG, "not_reached")
MOST = 1000
_DAYS_APART = 3
"""Every so many drawn claims is checked at home, the others by telephone."""


async def draw(
    conn: Conn,
    *,
    district: UUID,
    month: date,
    size: int,
    now: datetime,
    provider: UUID | None = None,
    statement: UUID | None = None,
    by: UUID | None = None,
    seed: str | None = None,
) -> UUID:
    """Draw `size` claims of a month (of a provider, of a statement) and store seed, population and chances.

    Without a seed a random one is taken: nobody can have chosen who is asked. A statement has one sample.
    """
    _check(size)
    if statement is not None and (held := await conn.fetchval(SQL.find_of_statement, statement)) is not None:
        return UUID(str(held))
    units = [_unit(row) for row in await conn.fetch(SQL.list_population, month, provider, statement)]
    seed = seed or secrets.token_hex(16)
    drawn = sampling.draw_units(seed, units, size)
    identity = new_id()
    total = sum((unit.amount for unit in units), Decimal(0))
    whose = (identity, district, month, provider, statement, seed, dict(sampling.WEIGHTS))
    what = (len(units), total, sampling.population_hash(units), len(drawn))
    await conn.execute(SQL.create_sample, *whose, *what, by, now)
    await conn.execute(
        SQL.create_items,
        district,
        identity,
        [new_id() for _ in drawn],
        [UUID(one.unit.id) for one in drawn],
        [one.unit.amount for one in drawn],
        [one.unit.risk for one in drawn],
        [one.probability for one in drawn],
        [METHODS[at % _DAYS_APART == 0] for at in range(len(drawn))],
    )
    return identity


async def drawn_again(conn: Conn, sample: UUID) -> bool:
    """Say whether seed and population still give the very same sample; a changed population does not."""
    row = await find(conn, sample)
    rows = await conn.fetch(SQL.list_population, row["month"], row["provider_id"], row["statement_id"])
    units = [_unit(one) for one in rows]
    items = await items_of(conn, sample)
    again = sampling.draw_units(row["seed"], units, row["drawn"], row["weights"])
    is_same = sampling.population_hash(units) == row["population_hash"]
    return is_same and [one.unit.id for one in again] == [str(one["claim_id"]) for one in items]


async def record(
    conn: Conn,
    keys: Keys,
    item: UUID,
    by: UUID,
    now: datetime,
    *,
    outcome: str,
    wrong_amount: Decimal | None = None,
    note: str | None = None,
) -> Row:
    """Record what was found, once; return the item. Who was not reached may be recorded again."""
    row = await conn.fetchrow(SQL.find_item, item)
    if row is None:
        raise NotFound(f"no sample item {item}")
    wrong = _wrong(outcome, wrong_amount, row["amount"])
    sealed = keys.seal(row["district_id"], note) if note else None
    if await conn.fetchval(SQL.record_outcome, item, outcome, wrong, sealed, by, now) is None:
        raise Conflict(
            f"already found: {row['outcome']}", code="wrong_state", state=row["outcome"], verb="record"
        )
    return {**row, "outcome": outcome, "wrong_amount": wrong}


async def sample_of(conn: Conn, item: UUID) -> UUID:
    """Return the sample of an item; raise NotFound."""
    row = await conn.fetchrow(SQL.find_item, item)
    if row is None:
        raise NotFound(f"no sample item {item}")
    return UUID(str(row["sample_id"]))


async def estimate(conn: Conn, sample: UUID) -> Estimate | None:
    """Return what of the population's amount was not due, as far as people were reached."""
    row = await find(conn, sample)
    checked = [
        Checked(one["amount"], one["wrong_amount"], one["probability"])
        for one in await conn.fetch(SQL.list_checked, sample)
    ]
    return sampling.extrapolate(checked, row["population_amount"])


async def find(conn: Conn, sample: UUID) -> Row:
    """Return a sample; raise NotFound."""
    row = await conn.fetchrow(SQL.find_sample, sample)
    if row is None:
        raise NotFound(f"no sample {sample}")
    return row


async def list_(
    conn: Conn, month: date | None = None, *, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return samples, newest first, with how many of their items wait."""
    return await conn.fetch(SQL.list_samples, month, after, limit)


async def items_of(conn: Conn, sample: UUID) -> list[Row]:
    """Return what was drawn, in the order of drawing, with what was found."""
    return await conn.fetch(SQL.list_items, sample)


def _unit(row: Row) -> Unit:
    return Unit(str(row["id"]), row["amount"], str(row["provider_id"]), row["service"], row["risk"])


def _check(size: int) -> None:
    if not 1 <= size <= MOST:
        words = f"size: 1 to {MOST}"
        raise Invalid(words, [{"field": "size", "code": "out_of_range", "message": words}])


def _wrong(outcome: str, wrong: Decimal | None, amount: Decimal) -> Decimal | None:
    """Return what was not due: nothing, all of it, or what was said."""
    if outcome not in OUTCOMES:
        raise _invalid("outcome", "unknown", f"one of {', '.join(OUTCOMES)}")
    if outcome == "not_reached":
        return None
    if outcome == "as_billed":
        return Decimal(0)
    wrong = amount if wrong is None else wrong
    if not 0 <= wrong <= amount:
        raise _invalid("wrong_amount", "out_of_range", f"0 to {amount}")
    return wrong


def _invalid(field: str, code: str, message: str) -> Invalid:
    errors: Sequence[dict[str, str]] = [{"field": field, "code": code, "message": f"{field}: {message}"}]
    return Invalid(f"{field}: {message}", list(errors))
