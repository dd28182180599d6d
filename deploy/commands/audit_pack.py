"""`yinling audit pack`: one claim's chain as a signed file."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from core import districts
from core.errors import NotFound
from core.settings import Settings
from core.signing import Ring
from deploy.bootstrap import WEB
from deploy.commands import HOME, open_pool, run


@click.command()
@HOME
@click.argument("claim", type=click.UUID)
def pack(home: Path, claim: UUID) -> None:
    """Write the evidence of a claim, signed, to standard output: `yinling audit pack CLAIM > FILE`."""
    sys.stdout.buffer.write(run(_pack(home, claim, datetime.now(UTC))))


async def _pack(home: Path, claim: UUID, now: datetime) -> bytes:
    from services.evidence import packs  # noqa: PLC0415 - only when it is called

    ring = Ring.load_or_create(Settings.load(home=home).evidence_keys_path, now)
    pool = await open_pool(home, WEB)
    try:
        async with pool.transaction() as conn:
            every = await districts.list_all(conn)
        for row in every:
            async with pool.transaction(row["id"]) as conn:
                by = packs.Maker(row["id"], row["code"], None, "shell")
                try:
                    return (await packs.build(conn, ring, claim, by, now)).data
                except NotFound:
                    continue
    finally:
        await pool.close()
    raise NotFound(f"no claim {claim}")
