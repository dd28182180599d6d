"""`yinling keys`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from core import signing
from core.crypto import Keys
from core.errors import Failure
from core.settings import Settings
from core.signing import Ring
from deploy.bootstrap import OWNER
from deploy.commands import HOME, open_pool, run
from dispatch import vapid


@click.group()
def keys() -> None:
    """Look after the installation's keys."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def create(file: Path) -> None:
    """Make a new installation's keys and, beside them, those that sign evidence (0600).

    Keep a copy apart from the database's backup.
    """
    if file.exists():
        raise Failure(f"{file} is there already: whatever it has sealed needs it")
    Keys.generate().save(file)
    beside = file.with_name(signing.FILE)
    Ring.load_or_create(beside, datetime.now(UTC))
    vapid.load_or_create(file.with_name(vapid.FILE))
    click.echo(f"wrote {file}, {beside} and {vapid.FILE}")


@keys.command()
@HOME
def push(home: Path) -> None:
    """Print the public key of web push; an installation that has none yet gets one (0600)."""
    click.echo(vapid.load_or_create(Settings.load(home=home).vapid_path).public)


@keys.command()
@HOME
def rotate(home: Path) -> None:
    """Seal everything personal anew with a fresh master key, while all is running."""
    click.echo(f"{run(_rotate(home))} values sealed anew")


@keys.command()
@HOME
def evidence(home: Path) -> None:
    """Print the public keys that verify evidence, one JSON object a line; the last one signs."""
    ring = Ring.load_or_create(Settings.load(home=home).evidence_keys_path, datetime.now(UTC))
    for key in ring.keys:
        shown = {"number": key.number, "public": key.hex, "fingerprint": key.fingerprint}
        click.echo(json.dumps({**shown, "made_at": key.made_at, "retired_at": key.retired_at}, default=str))


@keys.command()
@HOME
def rotate_evidence(home: Path) -> None:
    """Sign evidence with a new key from now on; the old public key stays, for what it has signed."""
    new = Ring.rotate(Settings.load(home=home).evidence_keys_path, datetime.now(UTC))
    click.echo(f"key {new.newest.number} signs: {new.newest.fingerprint}")


async def _rotate(home: Path) -> int:
    from core import rotation  # noqa: PLC0415 - only when it is called

    pool = await open_pool(home, OWNER)
    try:
        return await rotation.rotate(pool, Settings.load(home=home).keys_path, click.echo)
    finally:
        await pool.close()
