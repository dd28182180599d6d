"""`yinling settle`: a month's run by hand, with its progress; then each provider's statement and its sums."""

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import click

from core import accounts, districts
from core.db import Conn, Pool, Row
from core.errors import Failure
from deploy.bootstrap import WORKER
from deploy.commands import HOME, database_url, run

_PAGE = 200
_LOOK = 0.5
_WIDE = 30
_CONNECTIONS = 6
_TO = {"check": "draft", "approve": "confirmed", "issue": "approved", "reconcile": "issued"}
"""Steps that move statements, and the state in which they find them."""
_MAY = {"approve": ("approver",), "issue": ("clerk", "approver"), "reconcile": ("clerk", "approver")}
"""Whose account a step wants: as over HTTP."""


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
@click.option("--step", type=click.Choice(["draft", *_TO]), help="draft: price what waits; check: also check")
@click.option("--provider", type=click.UUID, help="only this provider's visits and statement")
@click.option("--district", help="only this district, by its six-digit code")
@click.option("--as", "login", help="whose account approves, issues or reconciles")
def settle(
    home: Path, month: date, step: str | None, provider: UUID | None, district: str | None, login: str | None
) -> None:
    """Settle a month and print each provider's statement with its sums, one JSON object a line.

    Without --step nothing changes. A run that was killed goes on where it was; the progress is on stderr.
    """
    for line in run(_settle(home, month, step, provider, district, login)):
        click.echo(json.dumps(line, ensure_ascii=False, default=str))


async def _settle(
    home: Path, month: date, step: str | None, provider: UUID | None, code: str | None, login: str | None
) -> list[dict[str, object]]:
    pool = await Pool.open(database_url(home, WORKER), size=_CONNECTIONS, name="yinling settle")
    lines: list[dict[str, object]] = []
    try:
        wanted = await _districts(pool, code)
        if step in _MAY:
            wanted = [await _move(pool, wanted, month, str(step), provider, login)]
        for district in wanted:
            if step in {"draft", "check"}:
                await _run(pool, district, month, str(step), provider)
            async with pool.transaction(district) as conn:
                rows = await _statements(conn, month, provider)
            lines += [{"district": str(district), **row} for row in rows]
    finally:
        await pool.close()
    return lines


async def _statements(conn: Conn, month: date, provider: UUID | None) -> list[Row]:
    """Return all statements of the month, however many."""
    from services import statements  # noqa: PLC0415 - only when it is called

    found: list[Row] = []
    rows = await statements.list_(conn, month, provider_id=provider, limit=_PAGE)
    while rows:
        found += rows
        rows = await statements.list_(conn, month, provider_id=provider, after=rows[-1]["id"], limit=_PAGE)
    return found


async def _districts(pool: Pool, code: str | None) -> list[UUID]:
    async with pool.transaction() as conn:
        if code is None:
            return await districts.ids(conn)
        row = await districts.find_by_code(conn, code)
        if row is None:
            raise Failure(f"no district {code}")
        return [row["id"]]


async def _run(pool: Pool, district: UUID, month: date, step: str, provider: UUID | None) -> None:
    """Start or join the month's run and work on it until it is over."""
    from services.settlement import runs  # noqa: PLC0415 - only when it is called

    async with pool.transaction(district) as conn:
        given = {"district": district, "month": month, "provider": provider}
        identity = await runs.start(conn, **given, step=step, now=datetime.now(UTC))  # type: ignore[arg-type]
    working = asyncio.create_task(_until_over(pool, district, identity))
    while not working.done():
        await asyncio.wait([working], timeout=_LOOK)
        async with pool.transaction(district) as conn:
            row = await runs.show(conn, identity)
        share = row["pieces_done"] / max(row["pieces"], 1)
        bar = "#" * round(_WIDE * share)
        click.echo(
            f"\r{month:%Y-%m} {step} [{bar:<{_WIDE}}] {share:4.0%} {row['made']} claims", nl=False, err=True
        )
    click.echo(err=True)
    await working


async def _until_over(pool: Pool, district: UUID, identity: UUID) -> None:
    from services.settlement import runs  # noqa: PLC0415 - only when it is called

    while True:
        await runs.work(pool, district, identity, lambda: datetime.now(UTC))
        async with pool.transaction(district) as conn:
            row = await runs.show(conn, identity)
        if row["state"] == "failed":
            raise Failure(f"the run failed: {row['error']}")
        if row["state"] == "done":
            return
        await asyncio.sleep(_LOOK)  # another process has the last pieces


async def _move(
    pool: Pool, wanted: list[UUID], month: date, step: str, provider: UUID | None, login: str | None
) -> UUID:
    """Move every statement that is ready for the step, each by itself; return the district of the account."""
    from services.settlement import acts  # noqa: PLC0415 - only when it is called

    if login is None:
        raise Failure(f"{step} is done by a person: say whose account with --as LOGIN")
    district, account = await _account(pool, wanted, step, login)
    async with pool.transaction(district) as conn:
        rows = await _statements(conn, month, provider)
    ready = [row["id"] for row in rows if row["state"] == _TO[step]]
    for statement in ready:
        async with pool.transaction(district) as conn:
            await getattr(acts, step)(conn, statement, account, datetime.now(UTC))
    return district


async def _account(pool: Pool, wanted: list[UUID], step: str, login: str) -> tuple[UUID, UUID]:
    """Find the district and the account of who takes the step; a login belongs to one district."""
    for district in wanted:
        async with pool.transaction(district) as conn:
            row = await accounts.by_login(conn, login)
        if row is not None and row["role"] not in _MAY[step]:
            raise Failure(f"{login} may not {step}: that is for {' or '.join(_MAY[step])}")
        if row is not None:
            return district, row["id"]
    raise Failure(
        f"nobody may log in as {login} in {'this district' if len(wanted) == 1 else 'any district'}"
    )
