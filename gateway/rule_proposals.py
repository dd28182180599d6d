"""Proposed changes of rules with their effect on stored days; a person approves or rejects each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from gateway import alarm_rules
from gateway.rules import book

SQL = load(__file__)


async def propose(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID | None,
    rule: str,
    params: Mapping[str, Any],
    effect: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """Store a proposal; one that still waits for the same rule and person gives way to the newer."""
    book.check(rule, params)
    identity = new_id()
    await conn.execute(SQL.drop_open, rule, elder)
    await conn.execute(SQL.insert_proposal, identity, district, elder, rule, dict(params), dict(effect), now)
    return identity


async def find(conn: Conn, proposal: UUID) -> Row:
    """Return one proposal of the current district, or raise NotFound."""
    row = await conn.fetchrow(SQL.find_proposal, proposal)
    if row is None:
        raise NotFound(f"no rule proposal {proposal}")
    return row


async def list_(
    conn: Conn, state: str | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return the current district's proposals, newest first, of one state if given."""
    return await conn.fetch(SQL.list_proposals, state, after, limit)


async def approve(conn: Conn, proposal: UUID, *, district: UUID, account: UUID, now: datetime) -> UUID:
    """Make a proposal a rule in force from now on; return the rule's id."""
    row = await find(conn, proposal)
    made = await alarm_rules.set_(
        conn,
        district=district,
        elder=row["elder_id"],
        rule=row["rule"],
        params=row["params"],
        enabled=True,
        valid_from=now,
        valid_to=None,
        account=account,
        now=now,
    )
    await _decide(conn, proposal, "approved", account, now, made)
    return made


async def reject(conn: Conn, proposal: UUID, *, account: UUID, now: datetime) -> None:
    """Put a proposal away; nothing changes."""
    await find(conn, proposal)
    await _decide(conn, proposal, "rejected", account, now, None)


async def _decide(
    conn: Conn, proposal: UUID, state: str, account: UUID, now: datetime, rule: UUID | None
) -> None:
    if await conn.fetchval(SQL.decide, proposal, state, now, account, rule) is None:
        raise Conflict(f"rule proposal {proposal} is decided already")
