"""Runs over a district's month, samples and scores, on a real database."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core import absences
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from dispatch import caregivers
from services import claims, provider_scores, samples
from services.fraud import findings, runs
from tests import makers
from tests.services.worlds import World, at

NOW = datetime(2026, 12, 3, 4, 0, tzinfo=UTC)
MONTH = date(2026, 11, 1)
BED = {"witness": "devices", "says": "contradicts", "code": "bed_occupied", "minutes": 60, "strong": True}


async def caregiver(world: World) -> UUID:
    async with world.worker.transaction(world.district) as conn:
        return await caregivers.create(
            conn,
            world.keys,
            district=world.district,
            provider=world.provider,
            name="caregiver",
            gender="female",
            phone=None,
            skills=["care"],
            lat=37.88,
            lon=118.53,
            now=makers.NOW,
        )


async def visit(world: World, who: UUID, elder: UUID, when: datetime, **given: Any) -> UUID:
    made = await world.visit(elder, given.pop("service", "bath"), when, **given)
    marks = [
        {"at": one.isoformat(), "received_at": one.isoformat()} for one in (when, when + timedelta(hours=1))
    ]
    async with world.worker.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET caregiver_id = $2, check_in = $3, check_out = $4 WHERE id = $1",
            made,
            who,
            *marks,
        )
    return made


async def run(world: World) -> runs.Done:
    async with world.worker.transaction(world.district) as conn:
        return await runs.run(conn, world.district, MONTH, NOW)


async def found(world: World) -> list[dict[str, Any]]:
    async with world.worker.transaction(world.district) as conn:
        return [dict(row) for row in await findings.list_(conn, month=MONTH)]


@pytest.fixture
async def billed(world: World) -> UUID:
    """Make a bath in hospital, and one with the bed occupied; return the first."""
    who, away, home = await caregiver(world), await world.elder("mild"), await world.elder("mild")
    async with world.worker.transaction(world.district) as conn:
        await absences.record(
            conn,
            district=world.district,
            elder=away,
            kind="hospital",
            starts_on=date(2026, 11, 3),
            ends_on=date(2026, 11, 9),
            now=makers.NOW,
        )
    in_hospital = await visit(world, who, away, at(5))
    await visit(world, who, away, at(9))  # the day of coming home is nobody's fault
    await visit(world, who, home, at(6), verdict="contradicted", witnesses=[BED])
    await claims.tick(world.worker, NOW)
    return in_hospital


async def test_a_run_finds_who_was_billed_while_away_and_who_stayed_in_bed(
    world: World, billed: UUID
) -> None:
    done = await run(world)
    assert (done.visits, done.found) == (3, 2)
    rows = {row["kind"]: row for row in await found(world)}
    assert set(rows) == {"billed_away", "contradicted"}
    assert rows["billed_away"]["visit_id"] == billed
    assert rows["billed_away"]["amount"] == Decimal("80.00")
    assert rows["billed_away"]["evidence"] == [
        {"code": "while_hospital", "first": "2026-11-03", "last": "2026-11-09"}
    ]


async def test_a_second_run_changes_nothing_and_keeps_what_somebody_decided(
    world: World, billed: UUID
) -> None:
    await run(world)
    [row] = [one for one in await found(world) if one["kind"] == "billed_away"]
    async with world.worker.transaction(world.district) as conn:
        by = await makers.make_person(conn, world.district, "auditor")
        await findings.decide(
            conn, world.keys, row["id"], by, NOW, confirms=True, reason="documents", note="seen"
        )
    await run(world)
    again = {one["id"]: one["state"] for one in await found(world)}
    assert len(again) == 2
    assert again[row["id"]] == "confirmed"
    async with world.worker.transaction(world.district) as conn:
        assert await findings.of_visits(conn, [billed]) == {billed: ["billed_away"]}
        kept = await findings.find(conn, row["id"])
        assert world.keys.open(world.district, kept["note_sealed"]) == "seen"
        with pytest.raises(Conflict):
            await findings.decide(conn, world.keys, row["id"], by, NOW, confirms=False, reason="explained")


async def test_what_is_not_found_any_more_is_cleared_and_may_come_back(world: World, billed: UUID) -> None:
    await run(world)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE absence SET ends_on = '2026-11-04'")
        await runs.run(conn, world.district, MONTH, NOW + timedelta(days=1))
    assert Counter(one["state"] for one in await found(world)) == {"open": 1, "cleared": 1}
    async with world.worker.transaction(world.district) as conn:
        assert await findings.of_visits(conn, [billed]) == {}
        await conn.execute("UPDATE absence SET ends_on = '2026-11-08'")
        await runs.run(conn, world.district, MONTH, NOW + timedelta(days=2))
    assert Counter(one["state"] for one in await found(world)) == {"open": 2}


async def test_a_reason_must_belong_to_the_decision(world: World, billed: UUID) -> None:
    del billed
    await run(world)
    [row, *_] = await found(world)
    async with world.worker.transaction(world.district) as conn:
        by = await makers.make_person(conn, world.district, "auditor")
        with pytest.raises(Invalid, match="reason"):
            await findings.decide(conn, world.keys, row["id"], by, NOW, confirms=True, reason="device_fault")
        with pytest.raises(NotFound):
            await findings.find(conn, billed_nowhere())


def billed_nowhere() -> UUID:
    return UUID(int=7)


async def test_the_clock_checks_a_closed_month_once(world: World, billed: UUID) -> None:
    del billed
    early = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)  # noon of the first day: records of the last day are open
    assert await runs.tick(world.worker, early) == 0
    assert await runs.tick(world.worker, NOW) == 1
    assert await runs.tick(world.worker, NOW + timedelta(hours=1)) == 0


async def test_figures_of_a_district_that_are_wrong_stop_only_its_own_run(
    pool_owner: Pool, world: World, billed: UUID
) -> None:
    del billed
    await makers.make_district(pool_owner, "370504", fraud={"shortened": {"part": -1}})
    assert await runs.tick(world.worker, NOW) == 1


async def test_a_sample_is_stored_with_its_seed_and_can_be_drawn_again(world: World, billed: UUID) -> None:
    await run(world)
    async with world.worker.transaction(world.district) as conn:
        made = await samples.draw(conn, district=world.district, month=MONTH, size=2, now=NOW, seed="s")
        sample, items = await samples.find(conn, made), await samples.items_of(conn, made)
        assert (sample["population"], sample["population_amount"], sample["drawn"]) == (
            3,
            Decimal("240.00"),
            2,
        )
        assert [one["position"] for one in items] == [1, 2]
        assert {one["risk"] for one in items if one["visit_id"] == billed} <= {"high"}
        assert await samples.drawn_again(conn, made)
        await conn.execute("UPDATE claim SET flags = '{proof_doubted}' WHERE flags = '{}'")
        assert not await samples.drawn_again(conn, made)


async def test_what_was_found_at_the_door_is_recorded_once_and_extrapolated(
    world: World, billed: UUID
) -> None:
    del billed
    async with world.worker.transaction(world.district) as conn:
        by = (await makers.make_person(conn, world.district, "auditor")).account_id
        made = await samples.draw(conn, district=world.district, month=MONTH, size=3, now=NOW)
        assert await samples.estimate(conn, made) is None
        first, second, third = [one["id"] for one in await samples.items_of(conn, made)]
        await samples.record(conn, world.keys, first, by, NOW, outcome="not_reached")
        await samples.record(conn, world.keys, first, by, NOW, outcome="not_made", note="asked the son")
        await samples.record(conn, world.keys, second, by, NOW, outcome="shorter", wrong_amount=Decimal(20))
        await samples.record(conn, world.keys, third, by, NOW, outcome="as_billed")
        with pytest.raises(Conflict):
            await samples.record(conn, world.keys, first, by, NOW, outcome="as_billed")
        with pytest.raises(Invalid):
            await samples.record(conn, world.keys, third, by, NOW, outcome="perhaps")
        found_ = await samples.estimate(conn, made)
    assert found_ is not None
    assert (found_.wrong, found_.checked) == (
        Decimal("100.00"),
        3,
    )  # all three were drawn for certain: 80 + 20
    assert found_.low <= found_.wrong <= found_.high


async def test_a_statement_has_one_sample(world: World, billed: UUID) -> None:
    async with world.worker.transaction(world.district) as conn:
        [claim] = await claims.list_(conn, visit_id=billed)
        given: dict[str, Any] = {"district": world.district, "month": MONTH, "size": 1, "now": NOW}
        one = await samples.draw(conn, statement=claim["statement_id"], **given)
        assert await samples.draw(conn, statement=claim["statement_id"], **given) == one
        with pytest.raises(Invalid):
            await samples.draw(conn, **{**given, "size": 0})


async def test_a_provider_is_scored_by_what_is_known_of_the_month(world: World, billed: UUID) -> None:
    del billed
    await run(world)
    async with world.worker.transaction(world.district) as conn:
        [one] = await provider_scores.of_month(conn, MONTH)
    parts = {part.code: (part.count, part.total, part.points) for part in one.score.parts}
    assert parts["verified"] == (2, 3, 16.67)  # 25 points, two visits of three are proven
    assert parts["on_time"] == (3, 3, 20.0)
    assert parts["findings"] == (0, 3, 15.0)
    assert "samples" not in parts
    assert one.score.points == round(100 * (90 - 25 / 3) / 90, 1)
