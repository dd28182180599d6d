"""`yinling device`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from core import districts
from core.db import Conn, Pool, enter
from core.errors import Failure
from core.sql import load
from deploy.bootstrap import WORKER
from deploy.commands import HOME, open_pool, run

SQL = load(__file__)


@click.group()
def device() -> None:
    """Look after devices."""


@device.command()
@HOME
@click.option("--thing-model", required=True, help="what it is, say care_bed_v1")
@click.option("--care-bed", type=click.UUID, help="the bed it belongs to")
@click.option("--district", help="six-digit code; not needed with --care-bed or with one district")
@click.option("--name", help="what people call it")
@click.option("--room", help="where it is")
def add(
    home: Path,
    thing_model: str,
    care_bed: UUID | None,
    district: str | None,
    name: str | None,
    room: str | None,
) -> None:
    """Register a device; prints {device_id, username, password} once, when the broker accepts them."""
    click.echo(json.dumps(run(_add(home, thing_model, care_bed, district, name, room))))


@device.command()
@HOME
@click.argument("device_id", type=click.UUID)
def revoke(home: Path, device_id: UUID) -> None:
    """Take a device's credentials away; its connection ends at once."""
    run(_revoke(home, device_id))
    click.echo(f"{device_id} may not speak any more")


async def _add(
    home: Path,
    thing_model: str,
    care_bed: UUID | None,
    district: str | None,
    name: str | None,
    room: str | None,
) -> dict[str, str]:
    from devices import registry  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, WORKER)
    try:
        where = await _district(pool, care_bed, district)
        async with pool.transaction(where) as conn:
            made = await registry.add(
                conn,
                district=where,
                thing_model=thing_model,
                care_bed=care_bed,
                name=name,
                room=room,
                now=datetime.now(UTC),
            )
    finally:
        await pool.close()
    return {
        "device_id": str(made.device_id),
        "username": made.username or "",
        "password": made.password or "",
    }


async def _revoke(home: Path, device_id: UUID) -> None:
    from devices import registry  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, WORKER)
    try:
        async with pool.transaction() as conn:
            where = await _holder(conn, SQL.find_device, device_id)
            if where is None:
                raise Failure(f"no device {device_id}")
            await registry.revoke(conn, device_id, datetime.now(UTC))
    finally:
        await pool.close()


async def _district(pool: Pool, care_bed: UUID | None, code: str | None) -> UUID:
    """Say in which district the device is to live."""
    async with pool.transaction() as conn:
        if care_bed is not None:
            found = await _holder(conn, SQL.find_care_bed, care_bed)
            if found is None:
                raise Failure(f"no care bed {care_bed}")
            return found
        if code is not None:
            row = await districts.find_by_code(conn, code)
            if row is None:
                raise Failure(f"no district {code}")
            return UUID(str(row["id"]))
        every = await districts.ids(conn)
    if len(every) != 1:
        raise Failure(f"there are {len(every)} districts: say which with --district CODE or --care-bed ID")
    return every[0]


async def _holder(conn: Conn, statement: str, thing: UUID) -> UUID | None:
    """Look into one district after the other, as row-level security shows only one; stay in the one found."""
    for district in await districts.ids(conn):
        await enter(conn, district)
        if await conn.fetchval(statement, thing):
            return district
    return None
