"""What a district or one person changes of the rules: dated rows, checked before they are written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import districts
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from gateway.rules import book

SQL = load(__file__)
NIGHTLY = ("bed_exit", "door_open", "door_night")
"""Rules whose night is the district's."""


def night_of(settings: districts.DistrictSettings) -> dict[str, Any]:
    """Return a district's night as parameters."""
    return {"night_start": settings.night_start, "night_end": settings.night_end}


async def set_(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID | None,
    rule: str,
    params: Mapping[str, Any],
    enabled: bool,
    valid_from: datetime,
    valid_to: datetime | None,
    account: UUID,
    now: datetime,
) -> UUID:
    """Change a rule for the district (elder None) or a person from a time on; raise Invalid naming the field.

    A rule is never changed for the past: what was raised was raised by the rules of its day.
    """
    book.check(rule, params)
    if valid_from < now:
        raise Invalid("valid_from lies in the past", [{"field": "valid_from", "code": "past"}])
    if valid_to is not None and valid_to <= valid_from:
        raise Invalid("valid_to is not after valid_from", [{"field": "valid_to", "code": "invalid"}])
    identity = new_id()
    await conn.execute(
        SQL.insert_rule,
        identity,
        district,
        elder,
        rule,
        dict(params),
        enabled,
        valid_from,
        valid_to,
        now,
        account,
    )
    return identity


async def end(conn: Conn, rule_id: UUID, now: datetime) -> None:
    """Let a change end now; raise NotFound, or Conflict when it has ended already."""
    row = await find(conn, rule_id)
    if await conn.fetchval(SQL.end_rule, rule_id, now) is None:
        raise Conflict(f"rule {row['rule']} {rule_id} has ended already")


async def find(conn: Conn, rule_id: UUID) -> Row:
    """Return one change of the current district, or raise NotFound."""
    row = await conn.fetchrow(SQL.find_rule, rule_id)
    if row is None:
        raise NotFound(f"no alarm rule {rule_id}")
    return row


async def list_(
    conn: Conn, elder: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return the current district's changes, newest first; of one elder if given."""
    return await conn.fetch(SQL.list_rules, elder, after, limit)


async def in_force(conn: Conn, elder: UUID | None, now: datetime) -> list[dict[str, Any]]:
    """Return every rule as it is in force for the district or a person: {rule, enabled, params, from}.

    `from` says who decided last: `default`, `district` or `person`.
    """
    found = {name: {"rule": name, **shown} for name, shown in book.shown().items()}
    for row in await overrides(conn, elder, now):
        one = found.get(row["rule"])
        if one is not None:
            one["params"] = {**one["params"], **row["params"]}
            one["enabled"] = row["enabled"]
            if row["elder_id"] or row.get("id"):
                one["from"] = "person" if row["elder_id"] else "district"
    return list(found.values())


async def overrides(conn: Conn, elder: UUID | None, now: datetime) -> list[Row]:
    """Return {elder_id, rule, params, enabled} in force in the current district, the more particular later.

    The district's own night stands first: it is the default of the rules that have one.
    """
    settings = districts.DistrictSettings.model_validate(await conn.fetchval(SQL.find_settings) or {})
    night = night_of(settings)
    own: list[Row] = [
        {"elder_id": None, "rule": rule, "params": night, "enabled": book.is_on(rule)} for rule in NIGHTLY
    ]
    return own + await conn.fetch(SQL.list_in_force, elder, now)
