"""`yinling plan day` and `plan export`: a district's day, planned from the database or written as a file."""

import asyncio
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from core import districts
from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from deploy.bootstrap import WORKER
from deploy.commands import HOME, open_pool, run

if TYPE_CHECKING:
    from core.db import Row

_EVERY = 1.0
_DATE = click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="the local day")
_DISTRICT = click.option("--district", help="its six-digit code; without it the only one, or the first")


@click.command("day")
@HOME
@_DATE
@_DISTRICT
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=20.0, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--accept", is_flag=True, help="bring it into force")
def day(home: Path, on: datetime, district: str | None, seconds: float, seed: int, *, accept: bool) -> None:
    """Plan a district's day; progress on stderr, the plan's figures as JSON on stdout."""
    told = run(_plan(home, on.date(), district, seconds, seed, is_accepted=accept))
    click.echo(json.dumps(told, ensure_ascii=False, default=str))
    if told["state"] == "failed":
        raise Failure(f"the day could not be planned: {told['reason']}")


@click.command("export")
@HOME
@_DATE
@_DISTRICT
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export(home: Path, on: datetime, district: str | None, out: Path) -> None:
    """Write a district's day as a file for `plan solve --format day`: places and ids, no person's data."""
    if not os.access(out.parent, os.W_OK):
        raise Failure(f"{out}: cannot be written: no such folder, or no right to write there")
    body = run(_export(home, on.date(), district))
    out.write_bytes(body)
    click.echo(json.dumps({"file": str(out), "bytes": len(body)}))


async def _plan(
    home: Path, on: date, code: str | None, seconds: float, seed: int, *, is_accepted: bool
) -> dict[str, Any]:
    from dispatch.planning import computing, plans  # noqa: PLC0415 - only when it is called

    pool, now = await open_pool(home, WORKER), datetime.now(UTC)
    try:
        district = await _district(pool, code)
        async with pool.transaction(district) as conn:
            plan_id = await plans.start(conn, district=district, on=on, now=now, seconds=seconds, seed=seed)
        settings = Settings.load(home=home)
        work = asyncio.create_task(computing.run(pool, district, plan_id, now, settings))
        found = await _watch(pool, district, plan_id)
        await work
        async with pool.transaction(district) as conn:
            if is_accepted and found["state"] == "ready":
                found = await plans.accept(conn, plan_id, None, datetime.now(UTC))
        return _told(found)
    finally:
        await pool.close()


async def _watch(pool: Pool, district: UUID, plan_id: UUID) -> "Row":
    """Show how far a plan is until it is decided, whoever computes it."""
    from dispatch.planning import plans  # noqa: PLC0415

    while True:
        async with pool.transaction(district) as conn:
            found = await plans.find(conn, plan_id)
        if found["state"] != "computing":
            return found
        if found["progress"]:
            click.echo(json.dumps(found["progress"]), err=True)
        await asyncio.sleep(_EVERY)


def _told(found: "Row") -> dict[str, Any]:
    names = ("id", "on", "state", "seed", "seconds", "progress", "cost", "broken", "left_out", "reason")
    return {name: found[name] for name in names}


async def _export(home: Path, on: date, code: str | None) -> bytes:
    pool = await open_pool(home, WORKER)
    try:
        settings, now = Settings.load(home=home), datetime.now(UTC)
        return await exported(pool, await _district(pool, code), on, settings, now)
    finally:
        await pool.close()


async def exported(pool: Pool, district: UUID, on: date, settings: Settings, now: datetime) -> bytes:
    """Return a district's day as a file, as the planner would see it at an instant."""
    from dispatch.planning import building, days, facts, reading  # noqa: PLC0415 - only when it is called
    from dispatch.search.formats import day as file  # noqa: PLC0415

    async with pool.transaction(district) as conn:
        known = await facts.read(conn, district, on, now)
        factor = (await districts.settings(conn, district)).travel_factor
    ways = await reading.ways(settings, pool, district, factor, known, now)
    travel = {speed: ways.minutes(speed) for speed in days.speeds(known)}
    return file.dump(building.build(known, travel, {}).problem)


async def _district(pool: Pool, code: str | None) -> UUID:
    async with pool.transaction() as conn:
        if code is None:
            known = await districts.ids(conn)
            if not known:
                raise Failure("there is no district yet")
            return min(known)
        row = await districts.find_by_code(conn, code)
    if row is None:
        raise Failure(f"no district {code}")
    found: UUID = row["id"]
    return found
