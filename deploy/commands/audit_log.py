"""`yinling audit log`: the chain of the audit log, and of the statements, as they stand in the database."""

import json
import sys
from pathlib import Path

import click

from core import audit, districts
from deploy.bootstrap import WEB
from deploy.commands import HOME, open_pool, run


@click.group()
def log() -> None:
    """Look at the audit log's chain."""


@log.command()
@HOME
def verify(home: Path) -> None:
    """Compute every district's chains again, one JSON object a line; exit code 1 when one does not fit."""
    is_right = True
    for line in run(_verify(home)):
        is_right = is_right and bool(line["holds"])
        click.echo(json.dumps(line))
    if not is_right:
        sys.exit(1)


async def _verify(home: Path) -> list[dict[str, object]]:
    from services.evidence import heads  # noqa: PLC0415 - only when it is called
    from services.settlement import seals  # noqa: PLC0415 - as above

    pool, found = await open_pool(home, WEB), []
    try:
        async with pool.transaction() as conn:
            every = await districts.list_all(conn)
        for row in every:
            async with pool.transaction(row["id"]) as conn:
                broken, torn = await audit.verify(conn), await seals.verify(conn)
                lost, head = await heads.list_lost(conn), await heads.head(conn)
            line: dict[str, object] = {"district": row["code"], "holds": not (broken or torn or lost)}
            line |= {"lines": head.number if head else 0, "head": head.hex if head else None}
            line |= {"first_wrong_line": broken, "statements_without_their_head": lost}
            found.append({**line, "first_wrong_statement": torn.number if torn else None})
    finally:
        await pool.close()
    return found
