"""Facts of a person: one value of a slot at a time, kinds of assistance beside each other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from core import person_facts
from core.crypto import Keys
from core.db import Conn, Pool
from core.errors import Conflict, Invalid, NotFound
from tests.makers import NOW, make_district, make_elder

FIRST = date(2026, 1, 1)


@dataclass
class Who:
    conn: Conn
    district: UUID
    elder: UUID


@pytest.fixture
async def who(pool_owner: Pool, keys: Keys) -> AsyncIterator[Who]:
    district = await make_district(pool_owner)
    async with pool_owner.transaction(district) as conn:
        yield Who(conn, district, await make_elder(conn, keys, district))


async def record(who: Who, kind: str, value: str, first: date = FIRST) -> UUID:
    return await person_facts.record(
        who.conn,
        district=who.district,
        elder=who.elder,
        kind=kind,
        value=value,
        valid_from=first,
        valid_to=None,
        source="clerk",
        source_id=None,
        now=NOW,
    )


async def test_a_new_value_ends_the_old_one_on_the_day_before(who: Who) -> None:
    await record(who, "residence", "rural")
    await record(who, "residence", "urban", date(2026, 7, 1))
    found = [(one["value"], one["valid_to"]) for one in await person_facts.history(who.conn, who.elder)]
    assert found == [("urban", None), ("rural", date(2026, 6, 30))]
    assert [one["value"] for one in await person_facts.on(who.conn, who.elder, date(2026, 6, 30))] == [
        "rural"
    ]


async def test_kinds_of_assistance_stand_beside_each_other(who: Who) -> None:
    await record(who, "assistance", "dibao")
    await record(who, "assistance", "tuopin", date(2026, 3, 1))
    assert [one["value"] for one in await person_facts.on(who.conn, who.elder, date(2026, 3, 1))] == [
        "dibao",
        "tuopin",
    ]


async def test_a_fact_before_a_later_one_of_its_slot_is_refused(who: Who) -> None:
    await record(who, "place", "institution")
    with pytest.raises(Conflict):
        await record(who, "place", "scattered", FIRST - timedelta(days=5))


@pytest.mark.parametrize(
    ("kind", "value"),
    [("mood", "good"), ("place", "moon"), ("household", "37050"), ("household", "\uff13\uff1770503")],
)
async def test_an_unknown_kind_or_value_is_refused(who: Who, kind: str, value: str) -> None:
    with pytest.raises(Invalid):
        await record(who, kind, value)


async def test_a_fact_ends_on_a_day_not_before_its_first(who: Who) -> None:
    fact = await record(who, "household", "370503")
    with pytest.raises(Invalid):
        await person_facts.end(who.conn, fact, FIRST - timedelta(days=1))
    await person_facts.end(who.conn, fact, FIRST)
    assert await person_facts.on(who.conn, who.elder, FIRST + timedelta(days=1)) == []
    with pytest.raises(NotFound):
        await person_facts.end(who.conn, uuid4(), FIRST)
