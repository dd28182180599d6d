"""`yinling settle`: a month's totals, by provider."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from core import districts
from deploy.bootstrap import WORKER
from deploy.commands import HOME, open_pool, run

_PAGE = 200


class Month(click.ParamType[date]):
    """A month, `YYYY-MM`."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the month's first day."""
        try:
            return datetime.strptime(str(value), "%Y-%m").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value} is not a month: write YYYY-MM", param, ctx)


@click.command()
@HOME
@click.option("--month", type=Month(), required=True, help="the month of the services")
def settle(home: Path, month: date) -> None:
    """Print each provider's statement of a month with the sums of its claims, one JSON object a line."""
    for line in run(_totals(home, month)):
        click.echo(json.dumps(line, ensure_ascii=False, default=str))


async def _totals(home: Path, month: date) -> list[dict[str, object]]:
    from services import statements  # noqa: PLC0415 - only when it is called

    pool, lines = await open_pool(home, WORKER), []
    try:
        async with pool.transaction() as conn:
            every = await districts.ids(conn)
        for district in every:
            async with pool.transaction(district) as conn:
                rows = await statements.list_(conn, month, limit=_PAGE)
                while rows:
                    lines += [{"district": str(district), **row} for row in rows]
                    rows = await statements.list_(conn, month, after=rows[-1]["id"], limit=_PAGE)
    finally:
        await pool.close()
    return lines
