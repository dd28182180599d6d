"""`yinling rules`: try rules over recorded or stored days, and propose changes that a person decides."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from core.db import Conn, Pool, enter
from core.errors import Failure
from deploy.bootstrap import GATEWAY, WORKER
from deploy.commands import HOME, open_pool, places, run
from deploy.commands.recorded import KIT, kit_of, lines_of

_FILE = click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="write the alarms here, not to the screen"
)
_BED = click.option("--care-bed", type=click.UUID, help="the stored days of this bed")
_DISTRICT = click.option("--district", help="the stored days of every bed of this district (its code)")
_SINCE = click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="first day (default: 30 days ago)")
_UNTIL = click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="first day not taken (default: now)")


@click.group()
def rules() -> None:
    """Try rules out."""


@rules.command("replay")
@_FILE
@HOME
@KIT
@_OUT
@_BED
@_DISTRICT
@_SINCE
@_UNTIL
def replay(file: Path | None, home: Path, kit: Path | None, out: Path | None, **which: Any) -> None:  # noqa: ANN401 - click's options
    """Run the rules over a recorded home or over stored days; prints alarms, then figures per person-day."""
    from gateway import rules_replay  # noqa: PLC0415 - only when it is called

    if file is not None:
        alarms, figures = rules_replay.run(lines_of(file), kit_of(kit))
    else:
        alarms, figures = run(_replay(home, **which))
    text = rules_replay.text_of(alarms)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
    click.echo(json.dumps({"figures": figures}, ensure_ascii=False))


@rules.command("suggest")
@HOME
@_BED
@_DISTRICT
@_SINCE
@_UNTIL
def suggest(home: Path, **which: Any) -> None:  # noqa: ANN401 - click's options
    """Propose changes that would have spared false alarms and lost no real one; a person approves each."""
    said = run(_suggest(home, **which))
    for line in said:
        click.echo(json.dumps(line, ensure_ascii=False, default=str))
    click.echo(f"{len(said)} proposed", err=True)


def _span(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    from core.clock import ZONE  # noqa: PLC0415 - only when it is called

    end = until.replace(tzinfo=ZONE) if until else datetime.now(UTC)
    return (since.replace(tzinfo=ZONE) if since else end - timedelta(days=30)), end


@asynccontextmanager
async def _pool(home: Path, role: str) -> AsyncIterator[Pool]:
    pool = await open_pool(home, role)
    try:
        yield pool
    finally:
        await pool.close()


async def _beds(conn: Conn, care_bed: UUID | None, code: str | None) -> tuple[UUID, list[UUID]]:
    from gateway import stored  # noqa: PLC0415 - only when it is called

    if care_bed is None and code is None:
        raise Failure("say which days: FILE, --care-bed ID or --district CODE")
    district = await places.choose(conn, care_bed, code)
    await enter(conn, district)
    found = [care_bed] if care_bed else [row["id"] for row in await stored.beds(conn, district)]
    return district, found


async def _replay(
    home: Path, care_bed: UUID | None, district: str | None, since: datetime | None, until: datetime | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    from gateway import suggestions  # noqa: PLC0415 - only when it is called

    alarms: list[dict[str, Any]] = []
    each: list[dict[str, Any]] = []
    async with _pool(home, GATEWAY) as pool:
        async with pool.transaction() as conn:
            where, beds = await _beds(conn, care_bed, district)
        for bed in beds:
            async with pool.transaction(where) as conn:
                days, overrides = await suggestions.days_of(conn, bed, *_span(since, until))
            raised, figures = days.replay(suggestions.compiled(overrides))
            alarms += [{**one, "care_bed": str(bed)} for one in raised]
            each.append(figures)
    return alarms, _total(each)


def _total(each: list[dict[str, Any]]) -> dict[str, Any]:
    """Add the figures of homes."""
    days = sum(one["person_days"] for one in each)
    counts: dict[str, int] = {}
    for one in each:
        for rule, row in one["by_rule"].items():
            counts[rule] = counts.get(rule, 0) + row["alarms"]
    care = sum(one["care_alarms_per_person_day"] * one["person_days"] for one in each)
    per_day = max(days, 1e-9)
    return {
        "homes": len(each),
        "messages": sum(one["messages"] for one in each),
        "person_days": round(days, 3),
        "alarms": sum(counts.values()),
        "care_alarms_per_person_day": round(care / per_day, 3),
        "by_rule": {
            rule: {"alarms": count, "per_person_day": round(count / per_day, 3)}
            for rule, count in sorted(counts.items())
        },
    }


async def _suggest(
    home: Path, care_bed: UUID | None, district: str | None, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    """Read as the gateway, ask dispatch what people found, store proposals as the gateway."""
    from dispatch import verdicts  # noqa: PLC0415 - only when it is called
    from gateway import suggestions  # noqa: PLC0415 - only when it is called

    start, end = _span(since, until)
    said: list[dict[str, Any]] = []
    async with _pool(home, GATEWAY) as pool, _pool(home, WORKER) as worker:
        async with pool.transaction() as conn:
            where, beds = await _beds(conn, care_bed, district)
        for bed in beds:
            async with pool.transaction(where) as conn:
                days, overrides = await suggestions.days_of(conn, bed, start, end)
            if days.elder is None:
                continue
            async with worker.transaction(where) as conn:
                found = await verdicts.of_elder(conn, days.elder, start, end)
            effects = suggestions.suggest(days, overrides, found)
            async with pool.transaction(where) as conn:
                await suggestions.propose(
                    conn, district=where, elder=days.elder, effects=effects, now=datetime.now(UTC)
                )
            said += [
                {"care_bed": bed, "rule": one.rule, "params": one.params, "effect": one.as_dict()}
                for one in effects
            ]
    return said
