"""A day of the planner: who works, what stands, what a plan would make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import at_local
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dashboards.web.plan import gantt

SQL = load(__file__)
PAGE, OPEN, PLANS = 25, 40, 8
CHANGED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which day is shown; `provider` None: of the whole district."""

    on: date
    provider: UUID | None = None
    text: str | None = None
    after: tuple[str, UUID] | None = None

    @property
    def since(self) -> datetime:
        """Return the day's local midnight."""
        return at_local(self.on, "00:00")

    @property
    def until(self) -> datetime:
        """Return the next midnight."""
        return self.since + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """What the page shows of a day."""

    chart: gantt.Chart
    open: list[Row]
    all_open: int
    next: str | None


async def find(
    conn: Conn, wanted: Wanted, now: datetime, factor: float, plan: Mapping[str, Any] | None = None
) -> Day:
    """Return a page of the day: as it stands, or as a plan has it."""
    name, after = wanted.after or (None, None)
    span = (wanted.since, wanted.until)
    people = await conn.fetch(SQL.list_caregivers, wanted.provider, *span, wanted.text, name, after, PAGE + 1)
    shown = people[:PAGE]
    ids = [one["id"] for one in shown]
    visits: list[Row] = (
        [marked(one) for one in await conn.fetch(SQL.list_items, plan["id"], ids)]
        if plan
        else await conn.fetch(SQL.list_visits, ids, *span)
    )
    given = gantt.Given(
        shown,
        await conn.fetch(SQL.list_shifts, ids, *span),
        [*await conn.fetch(SQL.list_leaves, ids, *span), *(away(plan["trigger"]) if plan else [])],
        visits,
        factor,
    )
    left = (
        await conn.fetch(SQL.list_dropped, plan["id"], OPEN)
        if plan
        else await conn.fetch(SQL.list_open, wanted.provider, *span, OPEN)
    )
    more = f"{shown[-1]['name']} {shown[-1]['id']}" if len(people) > PAGE else None
    return Day(gantt.draw(given, wanted.since, now), left, left[0]["all_"] if left else 0, more)


def away(trigger: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the absence that a repair answers, which is no leave yet."""
    if "from" not in trigger:
        return []
    since, until = (datetime.fromisoformat(trigger[name]) for name in ("from", "to"))
    return [{"caregiver_id": UUID(trigger["caregiver_id"]), "starts_at": since, "ends_at": until}]


def marked(item: Row) -> dict[str, Any]:
    """Say what a plan's item changes: `new`, `other` (caregiver), `moved`, or nothing."""
    before, planned = item["standing_id"], item["planned_start"]
    change = None
    if before is None:
        change = "new"
    elif before != item["row_caregiver_id"]:
        change = "other"
    elif planned is not None and abs(item["starts_at"] - planned) > CHANGED:
        change = "moved"
    return {**item, "change": change}


def place(text: str) -> tuple[str, UUID] | None:
    """Read where a page begins; None: at the start."""
    name, _, identity = text.rpartition(" ")
    try:
        return (name, UUID(identity)) if name else None
    except ValueError:
        return None


async def plans(conn: Conn, on: date, provider: UUID | None) -> list[Row]:
    """Return the day's plans, the newest first."""
    return await conn.fetch(SQL.list_plans, on, provider, PLANS)


async def sums(conn: Conn, wanted: Wanted) -> Row:
    """Return how the day stands in figures."""
    row = await conn.fetchrow(SQL.sum_day, wanted.provider, wanted.since, wanted.until)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row


def seen(plan: Mapping[str, Any], provider: UUID | None) -> Mapping[str, Any]:
    """Return a plan that this reader may see; a provider's manager sees the own provider's only."""
    if provider is not None and plan["provider_id"] != provider:
        raise NotFound(f"no plan {plan['id']}")
    return plan
