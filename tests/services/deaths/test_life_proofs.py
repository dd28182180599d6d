"""Proofs of life: who may be proven how, and who owes one."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.errors import Conflict, Invalid, NotFound
from services import enrolments, life_proofs, schemes
from tests import makers
from tests.dispatch.worlds import World, make_device, say
from tests.makers import NOW
from tests.services.allowances.payers import CARE, OLD_AGE

TODAY = date(2026, 11, 21)


async def proven(world: World, method: str, **more: Any) -> dict[str, Any]:
    async with world.web.transaction(world.district) as conn:
        clerk = await makers.make_person(conn, world.district, "clerk")
        proof = await life_proofs.record(conn, world.elder, method, clerk, NOW, **more)
        return dict(await life_proofs.find(conn, proof))


async def enrol(world: World, elder: UUID, scheme: str, since: date) -> None:
    async with world.web.transaction(world.district) as conn:
        whose: dict[str, Any] = {"district": world.district, "elder": elder, "scheme_code": scheme}
        await enrolments.enrol(conn, **whose, valid_from=since, reason="applied", by=None, now=NOW)


async def load(world: World) -> None:
    async with world.worker.transaction(world.district) as conn:
        for text in (OLD_AGE, CARE):
            await schemes.load(conn, district=world.district, district_code="370503", text=text, now=NOW)


async def owed(world: World, today: date = TODAY) -> list[tuple[UUID, str, date]]:
    async with world.web.transaction(world.district) as conn:
        found = await life_proofs.due_list(conn, world.district, today)
    return [(one.elder, one.due.state, one.due.until) for one in found]


async def test_a_proof_by_telephone_holds_a_year_and_stands_once(world: World) -> None:
    first = await proven(world, "phone")
    assert (first["proven_on"], first["valid_to"]) == (TODAY, date(2027, 11, 20))
    assert (await proven(world, "phone"))["id"] == first["id"]
    async with world.web.transaction(world.district) as conn:
        assert (await life_proofs.spans(conn, [world.elder]))[world.elder] == [(TODAY, date(2027, 11, 20))]
        assert [row["method"] for row in await life_proofs.of_elder(conn, world.elder)] == ["phone"]


async def test_a_device_proves_by_what_it_noticed_and_the_value_is_not_kept(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        await proven(world, "device")
    assert refused.value.code == "no_evidence"
    at = NOW - timedelta(days=2)
    await say(world, world.device, at, heart_rate=71.0, mains=True)
    row = await proven(world, "device")
    assert row["proven_on"] == date(2026, 11, 19)
    assert row["evidence"] == {
        "device_id": str(world.device),
        "thing_model": "care_bed_v1",
        "metric": "heart_rate",
        "at": at.isoformat(),
    }


async def test_a_device_at_another_bed_or_heard_too_long_ago_proves_nothing(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        elder = await makers.make_elder(conn, world.keys, world.district)
        stock = await make_device(conn, world, "watch_v1")
        await conn.execute("UPDATE device SET care_bed_id = NULL WHERE id = $1", stock)
    await say(world, world.device, NOW - timedelta(days=8), heart_rate=71.0)
    await say(world, stock, NOW, heart_rate=71.0)
    async with world.web.transaction(world.district) as conn:
        assert await life_proofs.noticed(conn, world.district, world.elder, NOW) is None
        assert await life_proofs.noticed(conn, world.district, elder, NOW) is None


async def test_a_visit_proves_the_day_on_which_somebody_was_met(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        make = """INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end,
                                     minutes, funding, wanted_at, started_at)
                  VALUES (gen_random_uuid(), $1, $2, 'bath', $3, $4, $4, 60, 'private', $4, $4)
                  RETURNING id"""
        at = NOW - timedelta(days=3)
        done = await conn.fetchval(make, world.district, world.elder, "completed", at)
        ahead = await conn.fetchval(make, world.district, world.elder, "accepted", at)
    row = await proven(world, "face", visit=done)
    assert (row["proven_on"], row["evidence"]) == (date(2026, 11, 18), {"visit_id": str(done)})
    with pytest.raises(Invalid, match="visit"):
        await proven(world, "face", visit=ahead)


async def test_impossible_proofs_are_refused(world: World) -> None:
    for day in (TODAY + timedelta(days=1), date(1900, 1, 1)):
        with pytest.raises(Invalid, match="proven_on"):
            await proven(world, "face", proven_on=day)
    with pytest.raises(Invalid, match="method"):
        await proven(world, "letter")
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE elder SET died_on = $2 WHERE id = $1", world.elder, TODAY)
        with pytest.raises(NotFound):
            await life_proofs.find(conn, world.elder)
    with pytest.raises(Conflict, match="died"):
        await proven(world, "face")


async def test_who_owes_a_proof_is_listed_before_it_lapses_and_after_the_missed_first(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        late, held, dead, other = [
            await makers.make_elder(conn, world.keys, world.district) for _ in range(4)
        ]
        await conn.execute("UPDATE elder SET died_on = $2 WHERE id = $1", dead, TODAY)
    assert await owed(world) == []
    await load(world)
    await enrol(world, world.elder, "old_age", date(2025, 12, 10))
    await enrol(world, late, "old_age", date(2024, 5, 1))
    await enrol(world, dead, "old_age", date(2024, 5, 1))
    await enrol(world, held, "old_age", date(2026, 5, 1))
    await enrol(world, other, "tekun_care", date(2024, 5, 1))
    assert await owed(world) == [
        (late, "missed", date(2025, 4, 30)),
        (world.elder, "due", date(2026, 12, 9)),
    ]
    await proven(world, "phone")
    assert await owed(world) == [(late, "missed", date(2025, 4, 30))]
    async with world.web.transaction(world.district) as conn:
        assert await life_proofs.due_list(conn, world.district, TODAY, elder=held) == []
