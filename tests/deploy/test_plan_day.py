"""The demo district's day, from the database and from its file: one search, one price."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from core import districts
from core.clock import local_date
from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from deploy.cli import yinling
from deploy.commands.plan_days import exported
from dispatch import evaluator
from dispatch.planning import building, days, facts, pricing, reading, solving
from dispatch.search.formats import day as file
from dispatch.search.solve import solve
from tests.databases import Database
from tests.demonstration import NOW

TOMORROW = local_date(NOW) + timedelta(days=1)
STEPS = 2000


async def district_of(pool: Pool) -> UUID:
    async with pool.transaction() as conn:
        row = await districts.find_by_code(conn, "370503")
    assert row is not None
    found: UUID = row["id"]
    return found


async def test_the_exported_day_is_solved_both_ways_alike_and_priced_alike(demo: Database) -> None:
    pool = await Pool.open(demo.worker, size=2)
    district = await district_of(pool)
    async with pool.transaction(district) as conn:
        known = await facts.read(conn, district, TOMORROW, NOW)
        factor = (await districts.settings(conn, district)).travel_factor
    ways = await reading.ways(Settings(), pool, district, factor, known, NOW)
    body = await exported(pool, district, TOMORROW, Settings(), NOW)
    await pool.close()
    travel = {speed: ways.minutes(speed) for speed in days.speeds(known)}
    found, instance = building.build(known, travel, {}), file.read(body)
    assert len(known.visits) > 10
    here = solve(found.problem, iterations=STEPS, seed=11)
    there = solve(instance.problem, iterations=STEPS, seed=11)
    assert (here.total, here.routes) == (there.total, there.routes)
    written = json.dumps(file.write(instance, there)).encode()
    mine, theirs = evaluator.EVALUATORS["day"](body, written), pricing.priced(found, here)
    assert mine.total == pytest.approx(theirs["total"], abs=0.01)
    assert mine.total == pytest.approx(here.total, abs=0.01)
    assert (mine.violations, theirs["violations"]) == ((), [])
    whole, best = solving.solve_day(known, travel, iterations=STEPS, seed=11)
    assert pricing.priced(whole, best)["violations"] == []


async def test_a_day_is_planned_and_exported_by_the_command(
    demo: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINLING_DATABASE_URL", demo.worker)
    home = ["--home", str(tmp_path), "--date", TOMORROW.isoformat()]

    done = await asyncio.to_thread(
        CliRunner().invoke, yinling, ["plan", "day", *home, "--seconds", "1", "--accept"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["state"] == "accepted"
    assert told["cost"]["evaluator"]["violations"] == []
    out = tmp_path / "day.json"
    written = await asyncio.to_thread(
        CliRunner().invoke, yinling, ["plan", "export", *home, "--out", str(out)]
    )
    assert json.loads(written.stdout)["bytes"] == out.stat().st_size
    wrong = await asyncio.to_thread(
        CliRunner().invoke, yinling, ["plan", "day", *home, "--district", "999999"]
    )
    assert "no district 999999" in str(wrong.exception)


def test_where_a_day_cannot_be_written_is_said_before_it_is_read(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "day.json"
    said = CliRunner().invoke(yinling, ["plan", "export", "--date", str(TOMORROW), "--out", str(nowhere)])
    assert isinstance(said.exception, Failure)
    assert "cannot be written" in str(said.exception)
