"""`yinling device`."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from deploy.bootstrap import WORKER
from deploy.commands import HOME, Result, open_pool, places, run

if TYPE_CHECKING:
    from core.db import Conn
    from devices.registry import Credentials


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
@click.option("--hub", type=click.UUID, help="the hub that speaks for it: it gets no password of its own")
@click.option("--ecosystem", help="what its hub speaks, say zigbee2mqtt; with --hub")
@click.option("--address", help="its name in what the hub says; with --hub")
def add(
    home: Path, care_bed: UUID | None, district: str | None, hub: UUID | None, **given: str | None
) -> None:
    """Register a device; prints {device_id, username, password} once, when the broker accepts them."""
    click.echo(json.dumps(run(_add(home, care_bed, district, hub, given))))


@device.command()
@HOME
@click.argument("device_id", type=click.UUID)
def rotate(home: Path, device_id: UUID) -> None:
    """Give a device a new password, printed once; the old one and its connection end at once."""
    click.echo(json.dumps(run(_change(home, device_id, _rotate))))


@device.command()
@HOME
@click.argument("device_id", type=click.UUID)
def revoke(home: Path, device_id: UUID) -> None:
    """Take a device's credentials away; its connection ends at once."""
    run(_change(home, device_id, _revoke))
    click.echo(f"{device_id} may not speak any more")


@device.command()
@HOME
@click.argument("device_id", type=click.UUID)
def retire(home: Path, device_id: UUID) -> None:
    """Take a device out of use: no bed, no password; its readings and alarms stay."""
    run(_change(home, device_id, _retire))
    click.echo(f"{device_id} is out of use")


async def _add(
    home: Path, care_bed: UUID | None, district: str | None, hub: UUID | None, given: dict[str, str | None]
) -> dict[str, str]:
    from devices import brokers, registry  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, WORKER)
    try:
        async with pool.transaction() as conn:
            near = await places.of_device(conn, hub) if hub and not care_bed else None
            where = near or await places.choose(conn, care_bed, district)
        async with pool.transaction(where) as conn:
            made = await registry.add(
                conn,
                district=where,
                thing_model=str(given["thing_model"]),
                care_bed=care_bed,
                name=given["name"],
                room=given["room"],
                hub=hub,
                ecosystem=given["ecosystem"] or registry.NATIVE,
                address=given["address"],
                now=datetime.now(UTC),
            )
            change = await brokers.transaction_of(conn)
        await brokers.until_read(pool, change, _now)
    finally:
        await pool.close()
    return _shown(made)


def _shown(made: "Credentials") -> dict[str, str]:
    return {
        "device_id": str(made.device_id),
        "username": made.username or "",
        "password": made.password or "",
    }


def _now() -> datetime:
    return datetime.now(UTC)


async def _change(home: Path, device_id: UUID, change: Callable[["Conn", UUID], Awaitable[Result]]) -> Result:
    """Change a device in its district, and wait until every broker knows."""
    from devices import brokers  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, WORKER)
    try:
        async with pool.transaction() as conn:
            await places.of_device(conn, device_id)
            found = await change(conn, device_id)
            number = await brokers.transaction_of(conn)
        await brokers.until_read(pool, number, _now)
    finally:
        await pool.close()
    return found


async def _rotate(conn: "Conn", device_id: UUID) -> dict[str, str]:
    from devices import registry  # noqa: PLC0415 - only when it is called

    return _shown(await registry.rotate(conn, device_id, _now()))


async def _revoke(conn: "Conn", device_id: UUID) -> None:
    from devices import registry  # noqa: PLC0415 - only when it is called

    await registry.revoke(conn, device_id, _now())


async def _retire(conn: "Conn", device_id: UUID) -> None:
    from devices import registry  # noqa: PLC0415 - only when it is called

    await registry.retire(conn, device_id, _now())
