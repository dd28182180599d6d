"""Versions of a district's escalation policy: drafted, simulated, put into force; none is ever lost.

A case keeps the policy it started with; one that is in force or was is never edited, only succeeded.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from core import audit
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import policy

SQL = load(__file__)
NAME_LENGTH = 60
Steps = list[dict[str, Any]]


async def list_(conn: Conn) -> list[Row]:
    """Return every version, newest first: {id, version, name, steps, state, who and when}."""
    return await conn.fetch(SQL.list_policies)


async def find(conn: Conn, identity: UUID) -> Row:
    """Return one version; raise NotFound."""
    row = await conn.fetchrow(SQL.find_version, identity)
    if row is None:
        raise NotFound(f"no escalation policy {identity}")
    return row


async def draft(
    conn: Conn, *, district: UUID, name: str, steps: Steps, by: Person | None, now: datetime
) -> UUID:
    """Make the next version, a draft; raise Invalid naming each field that cannot be followed."""
    _check(name, steps)
    identity = new_id()
    await conn.execute(SQL.lock_versions, str(district))
    values = (identity, district, name.strip(), steps, now, by.account_id if by else None)
    await conn.execute(SQL.create_policy, *values)
    if by is not None:
        await _record(conn, by, "policy.draft", identity, now)
    return identity


async def change(conn: Conn, identity: UUID, *, name: str, steps: Steps, by: Person, now: datetime) -> None:
    """Rewrite a draft; raise Invalid, or Conflict `not_a_draft` when it is or was in force."""
    _check(name, steps)
    row = await find(conn, identity)
    if await conn.fetchval(SQL.change_draft, identity, name.strip(), steps, now) is None:
        raise Conflict("it was in force: draft another version", code="not_a_draft", state=row["state"])
    await _record(conn, by, "policy.change", identity, now)


async def activate(
    conn: Conn, identity: UUID, by: Person | None, now: datetime, capabilities: Collection[str] | None
) -> None:
    """Put a version into force for the cases that start from now on; the one before is retired.

    Raises Invalid with `lacks_capability` for a channel that the district cannot use (`capabilities`; None
    asks nothing), Conflict `already_active` naming who was first. A version that was in force may come back.
    """
    row = await find(conn, identity)
    policy.check(row["steps"], capabilities)
    await conn.execute(SQL.lock_versions, str(row["district_id"]))
    await conn.execute(SQL.retire_policies, identity)
    try:
        changed = await conn.fetchval(SQL.activate, identity, now, by.account_id if by else None)
    except asyncpg.UniqueViolationError as error:  # pragma: no cover - the lock stands before it
        raise Conflict("another version was put into force first", code="already_active") from error
    if changed is None:
        first = await find(conn, identity)
        when = first["activated_at"].isoformat()
        words = "this version is in force already"
        raise Conflict(words, code="already_active", by=first["activated_by_name"], at=when)
    if by is not None:
        await _record(conn, by, "policy.activate", identity, now)


def _check(name: str, steps: Steps) -> None:
    """Raise Invalid naming every field that is wrong, the name and the steps together."""
    errors: list[Any] = []
    if not 0 < len(name.strip()) <= NAME_LENGTH:
        code = "too_long" if name.strip() else "empty"
        errors.append({"field": "name", "code": code, "message": f"1 to {NAME_LENGTH} characters"})
    try:
        policy.check(steps)
    except Invalid as wrong:
        found: Any = wrong.extra["errors"]
        errors += found
    if errors:
        raise Invalid("the escalation policy cannot be followed", errors)


async def _record(conn: Conn, by: Person, action: str, identity: UUID, now: datetime) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="escalation_policy",
        subject=identity,
    )
