"""`yinling hub`."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from core.errors import Failure
from deploy.bootstrap import WORKER
from deploy.commands import HOME, open_pool, places, run


@click.group()
def hub() -> None:
    """Look after hubs."""


@hub.command()
@HOME
@click.argument("hub_id", type=click.UUID)
@click.option("--broker", required=True, help="host:port by which the home reaches our broker")
@click.option("--ecosystem", "names", multiple=True, default=["zigbee2mqtt"], show_default=True)
@click.option("--topic", "more", multiple=True, help="a further local topic, passed on as it is")
@click.option("--ca-file", help="where the home keeps our authority's certificate: TLS")
@click.option("--password", help="the hub's password; without it the hub gets a new one")
def bridge(
    home: Path,
    hub_id: UUID,
    broker: str,
    names: tuple[str, ...],
    more: tuple[str, ...],
    ca_file: str | None,
    password: str | None,
) -> None:
    """Write the file with which a home's own Mosquitto passes its devices on to us."""
    from deploy.mosquitto.bridge import Far, text  # noqa: PLC0415 - only when it is called

    far = Far(broker, ca_file)
    text(str(hub_id), "", far, names, more)  # what is wrong is said before a password is renewed
    given = password or run(_renew(home, hub_id))
    click.echo(text(str(hub_id), given, far, names, more), nl=False)


async def _renew(home: Path, hub_id: UUID) -> str:
    from devices import brokers, registry, thing_models  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, WORKER)
    try:
        async with pool.transaction() as conn:
            await places.of_device(conn, hub_id)
            if (await registry.find(conn, hub_id))["thing_model"] != thing_models.HUB:
                raise Failure(f"device {hub_id} is not a hub")
            made = await registry.rotate(conn, hub_id, datetime.now(UTC))
            change = await brokers.transaction_of(conn)
        await brokers.until_read(pool, change, lambda: datetime.now(UTC))
    finally:
        await pool.close()
    return str(made.password)
