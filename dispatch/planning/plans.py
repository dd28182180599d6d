"""Plans of a day: started, computed by the dispatch role, watched as they get better, accepted or discarded.

A plan is `computing` until it is `ready` (or `failed`, with its reason); the best so far can be accepted at
any time. Whoever computes gives a sign every second; when it stops, another process begins again.
"""

import secrets
from datetime import date, datetime
from uuid import UUID

from core import districts
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict
from core.ids import new_id
from dispatch import fields
from dispatch.planning import aftermath, applying, changes, facts, plan_rows, triggers
from dispatch.planning.plan_rows import SQL, find, items, list_, wrong_state
from dispatch.planning.shapes import Planned, Reason

__all__ = ("accept", "discard", "find", "items", "list_", "progress", "start")
CAUSES = ("nightly", "by_hand", "repair", "drag")


async def start(
    conn: Conn,
    *,
    district: UUID,
    on: date,
    now: datetime,
    by: Person | None = None,
    provider_id: UUID | None = None,
    cause: str = "by_hand",
    trigger: Reason | None = None,
    seed: int | None = None,
    seconds: float | None = None,
) -> UUID:
    """Ask for a plan of a local day (of one provider, or the whole district); return its id."""
    fields.one_of("cause", cause, CAUSES)
    identity = new_id()
    wanted = seconds or (await districts.settings(conn, district)).plan_seconds
    chance = secrets.randbits(31) if seed is None else seed
    who = by.account_id if by else None
    await conn.execute(
        SQL.create_plan, identity, district, on, provider_id, cause, trigger or {}, chance, wanted, who, now
    )
    return identity


async def progress(conn: Conn, plan_id: UUID, provider_id: UUID | None = None) -> Row:
    """Return a plan as it is computed: `state`, `progress` {elapsed_s, best, served, unserved}, `seconds`."""
    return await find(conn, plan_id, provider_id)


async def discard(
    conn: Conn, plan_id: UUID, by: Person | None, now: datetime, provider_id: UUID | None = None
) -> Row:
    """Put a plan aside; whoever computes it stops at the next sign."""
    del by  # the request's audit line says who
    row = await plan_rows.lock(conn, plan_id, provider_id)
    if await conn.fetchval(SQL.discard_plan, plan_id, now) is None:
        raise wrong_state(row, "discard")
    return await find(conn, plan_id)


async def accept(
    conn: Conn, plan_id: UUID, by: Person | None, now: datetime, provider_id: UUID | None = None
) -> Row:
    """Bring a plan into force, ready or as good as it is so far; tell everybody whom it concerns.

    What no longer holds since it was computed is left as it stands and named in `left_out`; nothing is lost.
    """
    row = await plan_rows.lock(conn, plan_id, provider_id)
    if row["state"] not in {"computing", "ready"}:
        raise wrong_state(row, "accept")
    planned = [_planned(one) for one in await items(conn, plan_id)]
    if not planned and row["state"] == "computing":
        raise Conflict("the plan has no visit yet", code="plan_empty")
    await applying.hold_people(conn, (one.caregiver_id for one in planned), (one.visit_id for one in planned))
    known = await facts.read(conn, row["district_id"], row["on"], now, row["provider_id"])
    decided = changes.decide(triggers.apply(known, row["trigger"]), planned)
    settings = await districts.settings(conn, row["district_id"])
    left_out = decided.left_out + await applying.apply(conn, known, decided, settings, by, now)
    await applying.explain(conn, decided.unserved)
    await aftermath.settle(conn, row["trigger"], by, now)
    accepted = (plan_id, row["state"], by.account_id if by else None, now, left_out)
    if await conn.fetchval(SQL.accept_plan, *accepted) is None:
        raise wrong_state(row, "accept")
    return await find(conn, plan_id)


def _planned(row: Row) -> Planned:
    times = (row["starts_at"], row["ends_at"], row["travel_s"], row["wait_s"])
    return Planned(row["visit_id"], row["seat"], row["caregiver_id"], row["position"], *times, row["why"])
