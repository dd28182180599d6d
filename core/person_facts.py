"""Dated facts of a person that registers know (DOMAIN §3, §7): none is derived from another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact of a person, both days counted."""

    elder: UUID
    kind: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    source_id: UUID | None


KINDS: Mapping[str, tuple[str, ...]] = {
    "assistance": ("dibao", "dibao_margin", "tekun", "tuopin", "orphan"),
    "residence": ("urban", "rural"),
    "place": ("scattered", "institution"),
    "living": ("alone", "empty_nest", "left_behind", "with_family"),
    "household": (),
    "draws": (),
}
"""Values by kind; `household` is the county code of the register, `draws` a code of what is drawn elsewhere.

Kinds of assistance stand beside each other, and so does what is drawn; of the others one value at a time.
"""


async def record(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    kind: str,
    value: str,
    valid_from: date,
    valid_to: date | None,
    source: str,
    source_id: UUID | None,
    now: datetime,
) -> UUID:
    """Record a fact from a day on; what held in its slot then ends the day before.

    Raises Invalid on an unknown kind or value, Conflict when a later fact of the slot would overlap.
    """
    check(kind, value)
    await conn.execute(SQL.end_facts, elder, kind, value, valid_from, valid_from - timedelta(days=1))
    identity = new_id()
    values = (identity, district, elder, kind, value, valid_from, valid_to, source, source_id, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.record_fact, *values)
    except asyncpg.ExclusionViolationError as error:
        words = f"a fact {kind} that begins on or after {valid_from} is already recorded"
        raise Conflict(words, code="fact_overlap") from error
    return identity


async def record_many(conn: Conn, facts: Sequence[NewFact], *, district: UUID, now: datetime) -> None:
    """Record facts of many persons in two round trips, at most one a slot; raises as `record` does."""
    for one in facts:
        check(one.kind, one.value)
    ends = [(f.elder, f.kind, f.value, f.valid_from, f.valid_from - timedelta(days=1)) for f in facts]
    await conn.executemany(SQL.end_facts, ends)
    rows = [
        (new_id(), district, f.elder, f.kind, f.value, f.valid_from, f.valid_to, f.source, f.source_id, now)
        for f in facts
    ]
    try:
        async with conn.transaction():
            await conn.executemany(SQL.record_fact, rows)
    except asyncpg.ExclusionViolationError as error:
        words = "a fact that begins on or after the same day is already recorded"
        raise Conflict(words, code="fact_overlap") from error


def check(kind: str, value: str) -> None:
    """Raise Invalid when a kind or its value is not known."""
    allowed = KINDS.get(kind)
    if allowed is None:
        words = f"kind: one of {', '.join(KINDS)}"
        raise Invalid(words, [{"field": "kind", "code": "unknown", "message": words}])
    if allowed and value not in allowed:
        words = f"value: one of {', '.join(allowed)}"
        raise Invalid(words, [{"field": "value", "code": "unknown", "message": words}])
    if kind == "household" and not (len(value) == 6 and value.isascii() and value.isdecimal()):  # noqa: PLR2004 - GB/T 2260
        words = "value: the six-digit code of the county where the household is registered"
        raise Invalid(words, [{"field": "value", "code": "region", "message": words}])


async def end(conn: Conn, fact: UUID, last_day: date) -> None:
    """End a fact on a day; raise NotFound, or Invalid when the day lies before its first."""
    if await conn.fetchval(SQL.end_fact, fact, last_day) is not None:
        return
    if await conn.fetchval(SQL.fact_exists, fact):
        words = "valid_to: before the first day of the fact"
        raise Invalid(words, [{"field": "valid_to", "code": "before_start", "message": words}])
    raise NotFound(f"no fact {fact}")


async def on(conn: Conn, elder: UUID, day: date) -> list[Row]:
    """Return what holds of a person on a day: {id, kind, value, valid_from, valid_to, source, source_id}."""
    return await conn.fetch(SQL.list_facts_on, elder, day)


async def history(conn: Conn, elder: UUID) -> list[Row]:
    """Return all facts of a person, newest first."""
    return await conn.fetch(SQL.list_facts, elder)
