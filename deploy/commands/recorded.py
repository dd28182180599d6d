"""`yinling decode` and `replay`: logs of real messages."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from core.errors import Failure
from core.settings import Settings
from deploy.bootstrap import WORKER
from deploy.commands import HOME, open_pool, places, run
from deploy.home import Home
from gateway import kit_files
from gateway.kit_files import Kit

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
KIT = click.option(
    "--kit",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="names each topic's thing model and room",
)


@click.command()
def decode() -> None:
    """Say what each recorded message on standard input would become; nothing is stored."""
    from gateway import decode as work  # noqa: PLC0415 - only when it is called

    for line in work.run(sys.stdin):
        click.echo(line)


@click.command()
@HOME
@FILE
@KIT
@click.option("--live", is_flag=True, help="as if today, at its own pace, not as history that ends now")
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), help="times faster than it was")
@click.option("--care-bed", type=click.UUID, help="register the log's own devices at this bed first")
@click.option("--hub", type=click.UUID, help="the registered hub through which foreign ecosystems speak")
def replay(
    home: Path,
    file: Path,
    kit: Path | None,
    speed: float | None,
    care_bed: UUID | None,
    hub: UUID | None,
    *,
    live: bool,
) -> None:
    """Publish a log of real messages (`{at, topic, payload}`) through the broker."""
    lines = list(_through(lines_of(file), hub))
    if care_bed is not None:
        made = run(_register(home, lines, kit_of(kit) or Kit({}), care_bed))
        click.echo(f"{len(made)} devices registered at {care_bed}", err=True)
    click.echo(f"{run(_publish(home, lines, speed, live=live))} messages published")


def lines_of(file: Path) -> Iterator[str]:
    """Return the lines of a log."""
    with file.open(encoding="utf-8", errors="replace") as log:
        yield from log


def kit_of(path: Path | None) -> Kit | None:
    """Read a kit file, if one is given."""
    return kit_files.parse(path.read_text(encoding="utf-8")) if path else None


def _through(lines: Iterable[str], hub: UUID | None) -> Iterator[str]:
    """Name the hub in each line that names none."""
    for number, line in enumerate(lines, 1):
        if hub is None or not line.strip():
            yield line
            continue
        try:
            yield json.dumps({"hub": str(hub), **json.loads(line)})
        except (ValueError, TypeError) as error:
            raise Failure(f"line {number}: {error}") from error


async def _register(home: Path, lines: list[str], kit: Kit, care_bed: UUID) -> list[UUID]:
    from gateway import replay as work  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, WORKER)
    try:
        async with pool.transaction() as conn:
            district = await places.of_care_bed(conn, care_bed)
            return await work.register(
                conn, lines, kit, district=district, care_bed=care_bed, now=datetime.now(UTC)
            )
    finally:
        await pool.close()


async def _publish(home: Path, lines: list[str], speed: float | None, *, live: bool) -> int:
    from gateway import replay as work  # noqa: PLC0415 - only when it is called

    given = Settings.load(home=home).mqtt_url
    url = given.get_secret_value() if given else Home(home).mqtt_url()
    count = 0
    async for count in work.run(url, lines, datetime.now(UTC), live=live, speed=speed):
        if sys.stderr.isatty():
            click.echo(f"\r{count}/{len(lines)}", nl=False, err=True)
    return count
