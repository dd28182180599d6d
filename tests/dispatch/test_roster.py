import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from core import heartbeats
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.settings import Settings
from dispatch import caregivers, protocols, providers, run, shifts
from tests.databases import Database
from tests.dispatch.worlds import World, case_of, make_caregiver, make_operator, raise_alarm
from tests.makers import NOW


async def test_providers_and_caregivers_are_found_and_listed_in_pages(world: World) -> None:
    people = [await make_caregiver(world, name) for name in ("a", "b", "c")]
    async with world.web.transaction(world.district) as conn:
        provider = await providers.find(conn, world.provider)
        assert provider["phone_sealed"] != b"13800001111"
        assert [row["id"] for row in await providers.list_(conn)] == [world.provider]
        first = await caregivers.list_(conn, provider_id=world.provider, limit=2)
        rest = await caregivers.list_(conn, after=first[-1]["id"])
        assert [row["id"] for row in (*first, *rest)] == [one.caregiver_id for one in people]
        assert first[0]["provider_name"] == "provider"
        await caregivers.end(conn, first[0]["id"], NOW)
        with pytest.raises(Conflict):
            await caregivers.end(conn, first[0]["id"], NOW)
        assert len(await caregivers.list_(conn)) == 2
        for missing in (caregivers.find(conn, new_id()), providers.find(conn, new_id())):
            with pytest.raises(NotFound):
                await missing


async def test_a_shift_may_be_laid_twice_and_must_end_after_it_begins(world: World) -> None:
    caregiver = (await make_caregiver(world, on_shift=False)).caregiver_id
    assert caregiver is not None
    span: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=8)}
    async with world.web.transaction(world.district) as conn:
        assert await shifts.create(conn, district=world.district, caregiver=caregiver, **span) is not None
        assert await shifts.create(conn, district=world.district, caregiver=caregiver, **span) is None
        with pytest.raises(Invalid):
            await shifts.create(
                conn, district=world.district, caregiver=caregiver, starts_at=NOW, ends_at=NOW
            )
        with pytest.raises(Invalid, match="48 hours"):
            await shifts.create(
                conn,
                district=world.district,
                caregiver=caregiver,
                starts_at=NOW,
                ends_at=NOW + timedelta(hours=49),
            )
        found = await shifts.list_(conn, NOW, NOW + timedelta(hours=1), caregiver_id=caregiver)
        assert len(found) == 1
        assert await shifts.list_(conn, NOW - timedelta(hours=2), NOW) == []


async def test_certificates_are_listed_and_must_not_end_before_they_begin(world: World) -> None:
    caregiver = (await make_caregiver(world)).caregiver_id
    assert caregiver is not None
    given: dict[str, Any] = {"skill": "bath", "name": "bathing", "valid_from": date(2026, 1, 1)}
    async with world.web.transaction(world.district) as conn:
        whose: dict[str, Any] = {"district": world.district, "caregiver": caregiver}
        await caregivers.certify(conn, **whose, **given, valid_to=date(2026, 12, 31))
        with pytest.raises(Invalid, match="valid_to"):
            await caregivers.certify(conn, **whose, **given, valid_to=date(2025, 12, 31))
        assert [row["skill"] for row in await caregivers.certificates(conn, caregiver)] == ["bath"]


async def test_what_to_do_comes_from_the_district_or_from_us_in_both_languages(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        for language in ("zh_CN", "en"):
            assert len(await protocols.steps(conn, "sos", language)) >= 3
            default = await protocols.steps(conn, "something_new", language)
            assert default == protocols.STEPS["default"][language]
        assert all(set(words) == {"zh_CN", "en"} for words in protocols.STEPS.values())
        whose: dict[str, Any] = {"district": world.district, "language": "en"}
        await protocols.keep(conn, **whose, alarm_type="default", steps=["ask"])
        await protocols.keep(conn, **whose, alarm_type="sos", steps=["call"])
        await protocols.keep(conn, **whose, alarm_type="sos", steps=["call 120"])
        assert await protocols.steps(conn, "sos", "en") == ["call 120"]
        assert await protocols.steps(conn, "something_new", "en") == ["ask"]
        assert await protocols.steps(conn, "fall", "en") == protocols.STEPS["fall"]["en"]


async def test_the_gateway_may_queue_an_alarm_and_touch_nothing_else_of_ours(world: World) -> None:
    await make_operator(world)
    for statement in (
        "SELECT * FROM care_case",
        "DELETE FROM alarm_intake",
        "UPDATE alarm_intake SET alarm_id = alarm_id",
        "SELECT * FROM visit",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.gateway.transaction(world.district) as conn:
                await conn.execute(statement)


async def test_the_role_gives_an_alarm_its_case_at_once_and_says_that_it_lives(
    world: World, database: Database, pool_web: Pool
) -> None:
    stop = asyncio.Event()
    settings = Settings.load(database_url=database.worker)
    role = asyncio.create_task(run.run(settings, stop))
    try:
        alarm = await raise_alarm(world)
        async with asyncio.timeout(10):
            while await case_of(world, alarm) is None:  # noqa: ASYNC110 - what is waited for is in the database
                await asyncio.sleep(0.02)
        async with pool_web.transaction() as conn:
            rows = await conn.fetch("SELECT role, ready FROM role_heartbeat")
        assert [(row["role"], row["ready"]) for row in rows] == [("dispatch", True)]
    finally:
        stop.set()
        await role
    async with pool_web.transaction() as conn:
        assert not (await heartbeats.ready(conn, NOW))["dispatch"]
