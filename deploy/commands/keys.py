"""`yinling keys`."""

from pathlib import Path

import click

from core.crypto import Keys
from core.errors import Failure
from core.settings import Settings
from deploy.bootstrap import OWNER
from deploy.commands import HOME, open_pool, run


@click.group()
def keys() -> None:
    """Look after the installation's keys."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def create(file: Path) -> None:
    """Make a key file (0600) for a new installation; keep a copy apart from the database's backup."""
    if file.exists():
        raise Failure(f"{file} is there already: whatever it has sealed needs it")
    Keys.generate().save(file)
    click.echo(f"wrote {file}")


@keys.command()
@HOME
def rotate(home: Path) -> None:
    """Seal everything personal anew with a fresh master key, while all is running."""
    click.echo(f"{run(_rotate(home))} values sealed anew")


async def _rotate(home: Path) -> int:
    from core import rotation  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, OWNER)
    try:
        return await rotation.rotate(pool, Settings.load(home=home).keys_path, click.echo)
    finally:
        await pool.close()
