"""`yinling dead-letters`: what was not understood, for a person to look at."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from core.crypto import Keys
from core.db import Conn
from core.settings import Settings
from deploy.bootstrap import GATEWAY
from deploy.commands import HOME, open_pool, run
from gateway import dead_letters as letters

ID = click.argument("letter", type=click.UUID)


@click.group("dead-letters")
def dead_letters() -> None:
    """List, read and retry messages that were not understood."""


@dead_letters.command("list")
@HOME
@click.option("--after", type=click.UUID, help="the last id of the page before")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--solved/--open", default=False, help="also those that were understood later")
def list_(home: Path, after: UUID | None, limit: int, *, solved: bool) -> None:
    """Print them, newest first, one JSON object a line, without what they say."""
    for row in run(_list(home, after, limit, solved=solved)):
        click.echo(json.dumps(row, ensure_ascii=False, default=str))


@dead_letters.command()
@HOME
@ID
def show(home: Path, letter: UUID) -> None:
    """Print one with what it says."""
    click.echo(json.dumps(run(_show(home, letter)), ensure_ascii=False, default=str, indent=1))


@dead_letters.command()
@HOME
@ID
def retry(home: Path, letter: UUID) -> None:
    """Let the gateway try one again."""
    run(_retry(home, letter))
    click.echo(f"{letter} will be tried again")


@asynccontextmanager
async def _conn(home: Path) -> AsyncIterator[Conn]:
    pool = await open_pool(home, GATEWAY)
    try:
        async with pool.transaction() as conn:
            yield conn
    finally:
        await pool.close()


async def _list(home: Path, after: UUID | None, limit: int, *, solved: bool) -> list[dict[str, object]]:
    async with _conn(home) as conn:
        return [dict(row) for row in await letters.list_all(conn, after, limit, with_solved=solved)]


async def _show(home: Path, letter: UUID) -> dict[str, object]:
    async with _conn(home) as conn:
        row, payload = await letters.read_any(conn, Keys.load(Settings.load(home=home).keys_path), letter)
    told = {name: value for name, value in row.items() if not isinstance(value, bytes)}
    return {**told, "payload": payload.decode("utf-8", "backslashreplace")}


async def _retry(home: Path, letter: UUID) -> None:
    async with _conn(home) as conn:
        await letters.retry_any(conn, letter, datetime.now(UTC))
