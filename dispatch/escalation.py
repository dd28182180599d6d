"""Escalation: one tick finds what nobody answered in time and tells the next; it never stops silently.

The policy is the one fixed when the case started. Two ticks at once never tell twice (SKIP LOCKED).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts, log
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Problem
from core.ids import new_id
from core.sql import load
from dispatch import cases, journal, lowered, policy

SQL = load(__file__)
BATCH = 100
AGAIN = timedelta(minutes=1)
"""A case that breaks something of ours is looked at again: it must not silence the others."""


async def escalate_due(conn: Conn, district: UUID, now: datetime) -> int:
    """Raise every case of a district whose deadline has passed one step; return how many."""
    due = await conn.fetch(SQL.take_due, now, BATCH)
    if due:
        settings = await districts.settings(conn, district)
        for case in due:
            try:
                async with conn.transaction():
                    await _escalate(conn, case, settings, now)
            except (ArithmeticError, AttributeError, LookupError, Problem, TypeError, ValueError) as error:
                log.get().error("escalation.postponed", case=str(case["id"]), error=type(error).__name__)
                await cases.watch(conn, case, now + AGAIN)
    return len(due)


async def activate(
    conn: Conn, *, district: UUID, name: str, steps: list[dict[str, Any]], now: datetime
) -> UUID:
    """Make a policy the one for cases that start from now on; raise Invalid when it cannot be followed."""
    policy.check(steps)
    identity = new_id()
    await conn.execute(SQL.retire_policies)
    await conn.execute(SQL.create_policy, identity, district, name, steps, now)
    return identity


async def in_force(conn: Conn) -> dict[str, Any]:
    """Return the policy that a case which starts now keeps for its life."""
    chosen = await conn.fetchrow(SQL.find_policy)
    if chosen is None:
        return {"id": None, "name": "default", "steps": list(policy.DEFAULT)}
    return {"id": str(chosen["id"]), "name": chosen["name"], "steps": chosen["steps"]}


async def _escalate(conn: Conn, case: Row, settings: DistrictSettings, now: datetime) -> None:
    if case["state"] == "shelved":
        await cases.unshelve(conn, case["id"], None, now)
    elif case["state"] == "raised" and case["lowered_until"] is not None:
        await _unlower(conn, case, now)
    else:
        await _tell(conn, case, settings, now)


async def _unlower(conn: Conn, case: Row, now: datetime) -> None:
    """Page what a visit explains no longer, unless the home says that it is over."""
    if await lowered.is_over(conn, case["id"]):
        await cases.return_(conn, case["id"], None, now)
        return
    first = policy.notice(case["policy"]["steps"], 0)
    await conn.execute(SQL.unlower, case["id"], now + first.wait)
    data = {"reason": "not_explained_any_more", "step": 0, "audience": first.audience}
    await journal.case(conn, case, "escalate", now, data=data, roles=first.roles)


async def _tell(conn: Conn, case: Row, settings: DistrictSettings, now: datetime) -> None:
    visit = await conn.fetchrow(SQL.find_live_visit, case["id"])
    offer_wait = timedelta(seconds=settings.offer_seconds)
    steps = case["policy"]["steps"]
    found = policy.overdue(case["state"], visit["state"] if visit else None, steps, case["step"], offer_wait)
    if found is None:
        await conn.execute(SQL.stop_looking, case["id"])
        return
    told = found.notice
    await conn.execute(SQL.set_step, case["id"], told.step, now + told.wait)
    data: dict[str, Any] = {"reason": found.reason, "step": told.step, "audience": told.audience}
    if visit:
        data["visit_id"] = str(visit["id"])
    await journal.case(conn, case, "escalate", now, data=data, roles=told.roles)
