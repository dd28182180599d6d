"""`yinling rules` over stored days: what would have been raised, what is suggested and waits for a person."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.db import Conn
from core.errors import Failure
from core.ids import new_id
from deploy.commands import rules
from gateway import rule_proposals, sweep
from gateway.known import Registry
from tests.databases import Database
from tests.gateway.worlds import Device, World

NIGHT = datetime(2026, 11, 10, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CASE = (
    "INSERT INTO care_case (id, district_id, elder_id, care_bed_id, class, type, severity, state, opened_at, "
    "last_alarm_at, policy, closed_at, outcome) SELECT $1, district_id, elder_id, care_bed_id, class, type, "
    "severity, 'closed', received_at, received_at, '{}', received_at, 'false_alarm' FROM alarm WHERE id = $2"
)
WHICH: dict[str, Any] = {"district": None, "since": datetime(2026, 11, 9), "until": datetime(2026, 11, 14)}  # noqa: DTZ001 - as click gives them


async def nights(world: World, mat: Device) -> None:
    """Be out of bed for 23 minutes in each of two nights: two alarms."""
    for nth in range(2):
        start = NIGHT + timedelta(days=nth)
        for minutes, is_in in ((0, True), (120, False), (143, True), (480, False)):
            at = start + timedelta(minutes=minutes)
            registry = Registry()
            await registry.refresh(world.pool_gateway, at)
            await sweep.tick(world.pool_gateway, registry, at - timedelta(seconds=1))
            await world.hear(mat.says(at=at, in_bed=is_in), now=at)


async def close_all_as_false(world: World, conn: Conn) -> int:
    found = await conn.fetch("SELECT id FROM alarm WHERE rule = 'bed_exit'")
    for row in found:
        case = new_id()
        await conn.execute(CASE, case, row["id"])
        await conn.execute(
            "INSERT INTO case_alarm (district_id, case_id, alarm_id, linked_at) VALUES ($1, $2, $3, $4)",
            world.district,
            case,
            row["id"],
            NIGHT,
        )
    return len(found)


async def test_stored_days_are_replayed_and_a_change_is_proposed(
    world: World, mat: Device, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await nights(world, mat)
    monkeypatch.setenv("YINLING_DATABASE_URL", database.owner)
    alarms, figures = await rules._replay(tmp_path, world.bed, **WHICH)  # noqa: SLF001 - what the command runs
    exits = [one for one in alarms if one["rule"] == "bed_exit"]
    assert [one["care_bed"] for one in exits] == [str(world.bed)] * 2
    assert (figures["homes"], figures["by_rule"]["bed_exit"]["alarms"]) == (1, 2)
    async with world.pool_owner.transaction(world.district) as conn:
        assert await close_all_as_false(world, conn) == 2
    (line,) = await rules._suggest(tmp_path, None, **{**WHICH, "district": "370503"})  # noqa: SLF001 - what the command runs
    assert (line["rule"], line["params"]) == ("bed_exit", {"minutes": 25})
    async with world.pool_owner.transaction(world.district) as conn:
        (kept,) = await rule_proposals.list_(conn, "proposed")
    assert (kept["elder_id"], kept["effect"]["false_gone"]) == (world.elder, 2)


async def test_without_a_bed_or_a_district_nothing_is_replayed(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YINLING_DATABASE_URL", database.owner)
    with pytest.raises(Failure, match="say which days"):
        await rules._replay(tmp_path, None, **WHICH)  # noqa: SLF001 - what the command runs
