"""A month priced set by set is the month priced visit by visit: to the fen and to the word."""

import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import absences
from core.db import Pool
from services import claims
from services.settlement import runs
from tests.makers import NOW
from tests.services.worlds import World, at, make_world

MONTH = date(2026, 11, 1)
LATER = datetime.fromisoformat("2026-12-02T08:00:00+00:00")
GRADES = ("intact", "mild", "moderate", "severe", "total")
SERVICES = ("meal", "bath", "clean", "walk", "medical", "emergency", "comfort")
SEEN = (
    "visit_id",
    "amount",
    "subsidy",
    "copay",
    "grade",
    "scheme_id",
    "units",
    "unit",
    "unit_price",
    "explanation",
    "flags",
    "month",
)


def _clock() -> datetime:
    return LATER


async def _settle(world: World, step: str = "draft") -> UUID:
    async with world.worker.transaction(world.district) as conn:
        run = await runs.start(conn, district=world.district, month=MONTH, step=step, now=LATER)
    assert await runs.work(world.worker, world.district, run, _clock)
    return run


async def _claims(world: World) -> list[dict[str, Any]]:
    async with world.worker.transaction(world.district) as conn:
        rows = await claims.list_(conn, limit=1000)
    seen = [{name: row[name] for name in SEEN} | {"state": row["statement_state"]} for row in rows]
    return sorted(seen, key=lambda row: str(row["visit_id"]))


async def _used(world: World) -> list[tuple[Any, ...]]:
    async with world.worker.transaction(world.district) as conn:
        rows = await conn.fetch(
            "SELECT elder_id, grade, quota, ceiling, used, explanation FROM entitlement ORDER BY elder_id"
        )
    return [tuple(row.values()) for row in rows]


async def _unprice(owner: Pool, world: World, some: float, seed: int) -> None:
    """Forget claims, so that their visits wait again; those left stay as they were priced."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    async with owner.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT id, visit_id, entitlement_id FROM claim ORDER BY id")
        gone = [row for row in rows if dice.random() < some]
        ids = [row["id"] for row in gone]
        await conn.execute("DELETE FROM claim WHERE id = ANY ($1::uuid[])", ids)
        await conn.execute(
            """INSERT INTO unpriced_visit (visit_id, district_id, code, detail, noticed_at, next_try_at)
               SELECT id, district_id, 'new', '{}', ended_at, 'epoch' FROM visit WHERE id = ANY ($1::uuid[])
               ON CONFLICT DO NOTHING""",
            [row["visit_id"] for row in gone],
        )


WITNESSES = [
    {"witness": "devices", "says": "contradicts", "code": "z"},
    {"witness": "phone", "says": "agrees"},
]


def _elements(is_doubtful: bool) -> dict[str, dict[str, Any]]:  # noqa: FBT001 - one word, one meaning
    return {
        "place": {"ok": not is_doubtful, "code": "x"},
        "caregiver": {"ok": False, "code": "y"},
        "times": {"ok": True, "code": "ok"},
    }


async def _people(world: World, seed: int) -> None:
    """Make persons of every grade, some of two, some absent, dead or never graded."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    for nth in range(10):
        elder = await world.elder(GRADES[nth % 5] if nth != 7 else None)
        async with world.worker.transaction(world.district) as conn:
            if nth % 3 == 0:
                await world.grade(conn, elder, dice.choice(GRADES), date(2026, 11, dice.randint(5, 25)))
            if nth == 4:
                await absences.record(
                    conn,
                    district=world.district,
                    elder=elder,
                    kind="hospital",
                    starts_on=date(2026, 11, 8),
                    ends_on=date(2026, 11, 12),
                    now=NOW,
                )
            if nth == 5:
                await conn.execute("UPDATE elder SET died_on = '2026-11-20' WHERE id = $1", elder)
        for _ in range(dice.randint(3, 8)):
            doubtful = dice.random() < 0.2
            await world.visit(
                elder,
                dice.choice(SERVICES[:6]) if nth else dice.choice(SERVICES),
                at(dice.randint(1, 30), dice.randint(0, 23)) + timedelta(minutes=dice.randint(0, 59)),
                "doubted" if doubtful else "proven",
                minutes=dice.randint(1, 130),
                funding="private" if dice.random() < 0.1 else "subsidy",
                elements=_elements(doubtful),
                witnesses=WITNESSES,
            )


@pytest.mark.parametrize(("seed", "over"), [(1, "copay"), (2, "copay"), (3, "refuse")])
async def test_set_by_set_is_visit_by_visit(
    pool_owner: Pool, pool_worker: Pool, keys: Any, seed: int, over: str
) -> None:
    world = await make_world(pool_owner, pool_worker, keys, over_quota=over)
    async with pool_worker.transaction(world.district) as conn:
        await conn.execute("UPDATE contract_price SET unit = 'hour' WHERE service = 'clean'")
        await conn.execute("UPDATE contract_price SET unit = 'meal', price = 15.55 WHERE service = 'meal'")
    await _people(world, seed)
    await claims.tick(pool_worker, LATER)
    one_by_one, used = await _claims(world), await _used(world)
    assert len(one_by_one) > 30
    for some in (1.0, 0.5):
        await _unprice(pool_owner, world, some, seed)
        run = await _settle(world)
        assert await _claims(world) == one_by_one
        assert await _used(world) == used
        async with pool_worker.transaction(world.district) as conn:
            done = await runs.show(conn, run)
        assert (done["state"], done["singly"]) == ("done", 0)
        assert done["made"] > 0
