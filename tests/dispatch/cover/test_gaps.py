"""Gaps in the cover: opened once, closed by themselves, taken by one; from rota, roster, lists and kits."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import grades, people
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, NotFound
from core.ids import new_id
from dispatch.cover import finding, gaps, ticks
from tests.dispatch.worlds import World, make_caregiver, make_operator, make_world
from tests.makers import NOW


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Keys) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)


async def look(world: World, at: Any = NOW) -> dict[str, dict[str, Any]]:
    """Look once; return {kind: gap} of what is open."""
    async with world.worker.transaction(world.district) as conn:
        await gaps.look(conn, world.district, at)
    async with world.web.transaction(world.district) as conn:
        return {row["kind"]: dict(row) for row in await gaps.open_(conn)}


async def grade(world: World, value: str) -> None:
    whole: dict[str, Any] = {"valid_from": date(2026, 1, 1), "valid_to": None, "source": None, "now": NOW}
    whose: dict[str, Any] = {"district": world.district, "elder": world.elder, "scale": "gbt_42195"}
    async with world.web.transaction(world.district) as conn:
        await grades.record(conn, grade=value, **whose, **whole)


async def shift(world: World, role: str = "operator") -> UUID:
    """Put somebody on the rota from an hour ago until tomorrow noon."""
    by = await make_operator(world, role)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            new_id(),
            world.district,
            by.account_id,
            role,
            NOW - timedelta(hours=1),
            NOW + timedelta(hours=20),
        )
    return by.account_id


async def test_an_hour_without_an_operator_is_a_gap_until_somebody_is_on_the_rota(world: World) -> None:
    found = (await look(world))["no_operator"]
    assert (found["severity"], found["detail"]["code"]) == (1, "now")
    again = (await look(world))["no_operator"]
    assert again["id"] == found["id"]
    await shift(world)
    assert "no_operator" not in await look(world)
    async with world.web.transaction(world.district) as conn:
        closed = await gaps.closed(conn)
    assert [row["kind"] for row in closed].count("no_operator") == 1


async def test_who_is_severe_and_has_nobody_near_tonight_is_a_gap(world: World) -> None:
    await grade(world, "total")
    found = (await look(world))["nobody_within_reach"]
    assert (found["elder_id"], found["severity"], found["detail"]["minutes"]) == (world.elder, 1, 480)
    assert found["detail"]["nearest_min"] is None
    near = await make_caregiver(world, on_shift=False)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO shift (id, district_id, caregiver_id, starts_at, ends_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            world.district,
            near.caregiver_id,
            NOW + timedelta(hours=5),
            NOW + timedelta(hours=20),
        )
    assert "nobody_within_reach" not in await look(world)


@pytest.mark.parametrize("value", ["intact", "moderate"])
async def test_who_is_not_severe_is_none(world: World, value: str) -> None:
    await grade(world, value)
    assert "nobody_within_reach" not in await look(world)


async def test_a_list_without_contacts_or_numbers_is_a_gap(world: World) -> None:
    found = (await look(world))["unreachable_contacts"]
    assert (found["elder_id"], found["detail"]["code"]) == (world.elder, "no_contacts")
    async with world.web.transaction(world.district) as conn:
        who: dict[str, Any] = {"district": world.district, "name": "m", "now": NOW}
        member = await people.create_family_member(conn, world.keys, phone=None, **who)
        tie: dict[str, Any] = {"relation": "son", "priority": 1, "consented_at": NOW}
        await people.bond(conn, district=world.district, elder=world.elder, member=member, **tie)
    assert (await look(world))["unreachable_contacts"]["detail"]["code"] == "no_numbers"
    async with world.web.transaction(world.district) as conn:
        await people.set_phone(conn, world.keys, district=world.district, member=member, phone="13800001111")
    assert "unreachable_contacts" not in await look(world)


async def test_a_list_of_people_who_agreed_to_no_call_is_a_gap(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        who: dict[str, Any] = {"district": world.district, "name": "m", "now": NOW}
        member = await people.create_family_member(conn, world.keys, phone="13800001111", **who)
        tie: dict[str, Any] = {"relation": "son", "priority": 1, "consented_at": NOW}
        await people.bond(conn, district=world.district, elder=world.elder, member=member, **tie)
    assert "unreachable_contacts" not in await look(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE family_member SET reach_said_at = $1", NOW)
    assert (await look(world))["unreachable_contacts"]["detail"]["code"] == "not_agreed"
    async with world.web.transaction(world.district) as conn:
        await people.set_rights(conn, world.elder, member, ["visits"])
    assert (await look(world))["unreachable_contacts"]["detail"]["code"] == "no_contacts"


async def test_managers_are_told_again_when_the_gap_of_tonight_is_here(world: World) -> None:
    manager = await shift(world, "duty_manager")
    by = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at)"
            " VALUES ($1, $2, $3, 'operator', $4, $5)",
            *(new_id(), world.district, by.account_id, NOW - timedelta(hours=1), NOW + timedelta(hours=2)),
        )

    async def told() -> int:
        async with world.web.transaction(world.district) as conn:
            sql = "SELECT count(*) FROM notice WHERE kind = 'gap' AND account_id = $1"
            count: int = await conn.fetchval(sql, manager)
            return count

    tonight = (await look(world))["no_operator"]
    assert (tonight["severity"], tonight["detail"]["code"]) == (2, "tonight")
    before = await told()
    here = (await look(world, NOW + timedelta(hours=3)))["no_operator"]
    assert (here["id"], here["severity"], here["detail"]["code"]) == (tonight["id"], 1, "now")
    assert await told() == before + 1
    await look(world, NOW + timedelta(hours=3, minutes=5))
    assert await told() == before + 1


async def test_a_kit_is_a_gap_from_the_thirty_first_day(world: World) -> None:
    assert "untested_kit" not in await look(world, NOW + timedelta(days=30))
    found = (await look(world, NOW + timedelta(days=31)))["untested_kit"]
    assert (found["care_bed_id"], found["detail"]) == (world.bed, {"code": "never", "days": 31})


async def test_a_policy_without_people_is_a_gap(world: World) -> None:
    found = (await look(world))["policy_reaches_nobody"]
    assert (found["severity"], found["detail"]["code"]) == (1, "nobody")
    for role in ("operator", "duty_manager", "admin"):
        await make_operator(world, role)
    assert "policy_reaches_nobody" not in await look(world)


async def test_a_gap_has_one_who_sees_to_it(world: World) -> None:
    one, two = await make_operator(world, "duty_manager"), await make_operator(world)
    gap = (await look(world))["no_operator"]["id"]
    async with world.web.transaction(world.district) as conn:
        await gaps.take(conn, gap, one, NOW)
        with pytest.raises(Conflict) as refused:
            await gaps.take(conn, gap, two, NOW)
        assert (refused.value.code, refused.value.extra["by"]) == ("gap_taken", one.name)
        with pytest.raises(NotFound):
            await gaps.take(conn, world.elder, two, NOW)
    await shift(world)
    await look(world)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="covered"):
            await gaps.take(conn, gap, two, NOW)


async def test_the_tick_looks_in_every_district_and_managers_are_told_of_grave_ones_once(
    world: World,
) -> None:
    manager = await shift(world, "duty_manager")
    assert await ticks.look(world.worker, NOW) > 0
    assert await ticks.look(world.worker, NOW) == 0
    async with world.web.transaction(world.district) as conn:
        told = await conn.fetch("SELECT account_id, words FROM notice WHERE kind = 'gap'")
    assert [(row["account_id"], row["words"]) for row in told] == [(manager, "gap_night")]
    assert await ticks.forget(world.worker, NOW) == 0
    assert finding.GRAVE == 2
