"""Escalation: one tick finds what nobody answered in time and tells the next; it never stops silently.

The policy is the one fixed when the case started. Two ticks at once never tell twice (SKIP LOCKED). What
is due is told in few statements for the whole batch; a case that breaks something of ours is put off alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from core import districts, events, log
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import FAULTS
from core.ids import new_id
from core.sql import load
from dispatch import cases, journal, lowered, policies, policy
from dispatch.notices import steps

SQL = load(__file__)
BATCH = 2000
AGAIN = timedelta(minutes=1)
"""A case that breaks something of ours is looked at again: it must not silence the others."""


@dataclass(frozen=True)
class _Due:
    """A case, and what the clock found in it."""

    case: Row
    found: policy.Overdue

    @property
    def data(self) -> dict[str, Any]:
        told = self.found.notice
        data = {"reason": self.found.reason, "step": told.step, "audience": told.audience}
        if told.channels:
            data["channels"] = list(told.channels)
        return data | ({"visit_id": str(self.case["visit_id"])} if self.case["visit_id"] else {})


async def escalate_due(conn: Conn, district: UUID, now: datetime) -> int:
    """Raise the cases of a district whose deadline has passed one step, BATCH at most; return how many."""
    rows = await conn.fetch(SQL.take_due, now, BATCH)
    if not rows:
        return 0
    settings = await districts.settings(conn, district)
    due: list[_Due] = []
    for case in rows:
        try:
            found = await _look(conn, case, settings, now)
        except FAULTS as error:
            await _postpone(conn, case, error, now)
        else:
            due += [_Due(case, found)] if found else []
    if due:
        await _tell(conn, district, due, now)
    return len(rows)


async def activate(
    conn: Conn, *, district: UUID, name: str, steps: list[dict[str, Any]], now: datetime
) -> UUID:
    """Put steps into force at once, as set-up does (people draft, simulate and activate: `policies`)."""
    identity = await policies.draft(conn, district=district, name=name, steps=steps, by=None, now=now)
    await policies.activate(conn, identity, None, now, None)
    return identity


async def in_force(conn: Conn) -> dict[str, Any]:
    """Return the policy that a case which starts now keeps for its life."""
    chosen = await conn.fetchrow(policies.SQL.find_policy)
    if chosen is None:
        return {"id": None, "name": "default", "steps": list(policy.DEFAULT)}
    return {"id": str(chosen["id"]), "name": chosen["name"], "steps": chosen["steps"]}


async def _postpone(conn: Conn, case: Row, error: Exception, now: datetime) -> None:
    log.get().error("escalation.postponed", case=str(case["id"]), error=type(error).__name__)
    await cases.watch(conn, case, now + AGAIN)


async def _look(conn: Conn, case: Row, settings: DistrictSettings, now: datetime) -> policy.Overdue | None:
    """Say whom to tell of a case; what needs more than telling is done here."""
    if case["state"] == "shelved":
        async with conn.transaction():
            await cases.unshelve(conn, case["id"], None, now)
        return None
    if case["state"] == "raised" and case["lowered_until"] is not None:
        async with conn.transaction():
            await _unlower(conn, case, now)
        return None
    offer_wait = timedelta(seconds=settings.offer_seconds)
    given = (case["state"], case["visit_state"], case["policy"]["steps"], case["step"], offer_wait)
    found = policy.overdue(*given)
    if found is None:
        await conn.execute(SQL.stop_looking, case["id"])
    return found


async def _unlower(conn: Conn, case: Row, now: datetime) -> None:
    """Page what a visit explains no longer, unless the home says that it is over."""
    if await lowered.is_over(conn, case["id"]):
        await cases.return_(conn, case["id"], None, now)
        return
    first = policy.notice(case["policy"]["steps"], 0)
    await conn.execute(SQL.unlower, case["id"], now + first.wait)
    data = {"reason": "not_explained_any_more", "step": 0, "audience": first.audience}
    await journal.case(conn, case, "escalate", now, data=data, roles=first.roles)
    await steps.want(conn, case, first, now)


async def _tell(conn: Conn, district: UUID, due: Sequence[_Due], now: datetime) -> None:
    """Write the steps, their lines and events, and what the phones are to be told, all at once."""
    ids = [one.case["id"] for one in due]
    told = [one.found.notice for one in due]
    await conn.execute(SQL.set_steps, ids, [one.step for one in told], [now + one.wait for one in told])
    await _write(conn, district, due, "escalate", now)
    await steps.want_all(
        conn, district, [(one.case["id"], one.found.notice, _reason(one)) for one in due], now
    )
    again = {one.case["id"]: one for one in due if _is_repeated(one)}
    if again:
        rows = await conn.fetch(SQL.list_unreached, list(again))
        await _write(conn, district, [again[row["id"]] for row in rows], "unreached", now)


def _reason(one: _Due) -> str:
    return "unanswered" if one.found.reason == "unanswered" else "idle"


def _is_repeated(one: _Due) -> bool:
    """Say whether the last step is told again: everybody has had their turn."""
    told, given = one.found.notice, one.case["policy"]["steps"]
    if one.found.reason != "unanswered" or not (told.is_last and told.channels):
        return False
    return policy.notice(given, told.step - 1).is_last


async def _write(conn: Conn, district: UUID, due: Sequence[_Due], action: str, now: datetime) -> None:
    """Write a line and an event for each case; what everybody hears goes in one statement."""
    if not due:
        return
    lines = [(new_id(), one.case["id"], one.case["state"], one.data) for one in due]
    ids, case_ids, states, data = (list(column) for column in zip(*lines, strict=True))
    await conn.execute(SQL.write_entries, ids, district, case_ids, now, action, states, data)
    ordered = sorted(due, key=lambda one: one.found.notice.roles)
    for roles, group in groupby(ordered, key=lambda one: one.found.notice.roles):
        about = [(one.case["id"], one.case["elder_id"]) for one in group]
        kind = journal.CASE_EVENTS[action]
        hearers = policy.MANAGERS if action == "unreached" else roles
        await events.write_of_cases(conn, district=district, kind=kind, cases=about, roles=hearers, at=now)
