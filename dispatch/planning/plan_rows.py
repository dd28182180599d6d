"""Rows of plans: who computes one, the best so far, what it says of each visit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch.planning.shapes import Drafted, Planned, Reason, Rest

SQL = load(__file__)
SILENT = timedelta(seconds=45)
"""A process that computes and gives no sign for so long is dead."""
RETENTION = timedelta(days=730)


async def find(conn: Conn, plan_id: UUID, provider_id: UUID | None = None) -> Row:
    """Return a plan; raise NotFound, also when it is not this provider's."""
    row = await conn.fetchrow(SQL.find_plan, plan_id, provider_id)
    if row is None:
        raise NotFound(f"no plan {plan_id}")
    return row


async def list_(
    conn: Conn,
    *,
    on: date | None = None,
    provider_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return plans, the latest first."""
    return await conn.fetch(SQL.list_plans, on, provider_id, after, limit)


async def items(conn: Conn, plan_id: UUID) -> list[Row]:
    """Return what a plan says of each visit and seat, with the visit as it stands now."""
    return await conn.fetch(SQL.list_items, plan_id)


async def lock(conn: Conn, plan_id: UUID, provider_id: UUID | None = None) -> Row:
    """Return a plan locked for a change; raise NotFound."""
    row = await conn.fetchrow(SQL.lock_plan, plan_id, provider_id)
    if row is None:
        raise NotFound(f"no plan {plan_id}")
    return row


async def waiting(conn: Conn, now: datetime, *, repairs: bool) -> list[UUID]:
    """Return the plans that nobody computes: of repairs, which are short, or of whole days."""
    return [row["id"] for row in await conn.fetch(SQL.list_waiting, now - SILENT, repairs)]


async def take(conn: Conn, plan_id: UUID, now: datetime) -> bool:
    """Be the one who computes a plan; False when somebody else is."""
    return await conn.fetchval(SQL.take_plan, plan_id, now, now - SILENT) is not None


async def beat(conn: Conn, plan_id: UUID, now: datetime) -> None:
    """Say that a plan is still being computed."""
    await conn.execute(SQL.beat, plan_id, now)


async def show(
    conn: Conn, plan: Row, so_far: Reason, planned: Sequence[Planned] | None, now: datetime
) -> bool:
    """Keep the best so far (items only when it got better); False when nobody waits for it any more."""
    if await conn.fetchval(SQL.show_progress, plan["id"], so_far, now) is None:
        return False
    if planned is not None:
        await _write(conn, plan, planned)
    return True


async def finish(
    conn: Conn, plan: Row, drafted: Drafted, broken: list[Reason], so_far: Reason, now: datetime
) -> bool:
    """Make a plan ready; False when it was accepted or discarded meanwhile, and stays as it is."""
    breaks = [_rest(one) for one in drafted.rests]
    values = (dict(drafted.cost), broken, breaks, so_far, now)
    if await conn.fetchval(SQL.finish_plan, plan["id"], *values) is None:
        return False
    await _write(conn, plan, drafted.items)
    return True


async def fail(conn: Conn, plan_id: UUID, reason: Reason, now: datetime) -> None:
    """Keep why a plan cannot be computed."""
    await conn.fetchval(SQL.fail_plan, plan_id, reason, now)


async def own_district(conn: Conn) -> UUID:
    """Return the district of the running transaction."""
    found: UUID = await conn.fetchval(SQL.find_own_district)
    return found


async def has_accepted(conn: Conn, on: date) -> bool:
    """Say whether a plan of a day is in force."""
    return bool(await conn.fetchval(SQL.has_accepted, on))


async def forget_old(conn: Conn, now: datetime) -> None:
    """Drop what has passed its retention."""
    old = [row["id"] for row in await conn.fetch(SQL.forget_plans, now - RETENTION)]
    if old:
        await conn.execute(SQL.forget_plan_rows, old)


def wrong_state(row: Row, verb: str) -> Conflict:
    """Return the refusal of a verb that the plan's state does not allow."""
    state = row["state"]
    return Conflict(f"cannot {verb} a plan that is {state}", code="plan_state", state=state, verb=verb)


async def _write(conn: Conn, plan: Row, planned: Iterable[Planned]) -> None:
    await conn.execute(SQL.drop_items, plan["id"])
    rows = [_item(one) for one in planned]
    await conn.execute(SQL.write_items, plan["id"], plan["district_id"], rows)


def _item(one: Planned) -> dict[str, Any]:
    return {
        "visit_id": str(one.visit_id),
        "seat": one.seat,
        "caregiver_id": str(one.caregiver_id) if one.caregiver_id else None,
        "position": one.position,
        "starts_at": one.starts_at.isoformat() if one.starts_at else None,
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
        "travel_s": one.travel_s,
        "wait_s": one.wait_s,
        "why": one.why,
    }


def _rest(one: Rest) -> dict[str, str]:
    return {
        "caregiver_id": str(one.caregiver_id),
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
        "visit_id": str(one.visit_id),
    }
