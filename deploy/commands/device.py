"""`yinling device`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from deploy.bootstrap import WORKER
from deploy.commands import HOME, open_pool, places, run


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
        async with pool.transaction() as conn:
            where = await places.choose(conn, care_bed, district)
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
            await places.of_device(conn, device_id)
            await registry.revoke(conn, device_id, datetime.now(UTC))
    finally:
        await pool.close()
