"""Gaps as rows: what is missing is opened once, what is covered closes by itself; a manager takes one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit, districts, events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import duty
from dispatch.cover import finding
from dispatch.cover.finding import Found
from dispatch.notices import telling
from dispatch.notices.telling import Recipient

SQL = load(__file__)


@dataclass
class Change:
    """What a look has changed; `opened` holds what has become graver too."""

    opened: list[Found] = field(default_factory=list)
    closed: int = 0


async def open_(conn: Conn) -> list[Row]:
    """Return the open gaps, gravest first.

    {id, kind, severity, elder_id, elder_name, care_bed_id, care_bed_label, detail, opened_at, taken_by_name,
    taken_at}
    """
    return await conn.fetch(SQL.list_open)


async def closed(conn: Conn, limit: int = 50) -> list[Row]:
    """Return the gaps that closed last."""
    return await conn.fetch(SQL.list_closed, limit)


async def look(conn: Conn, district: UUID, now: datetime) -> Change:
    """Look once: open what is new, close what is covered, tell the managers of what is new or graver."""
    await conn.execute(SQL.lock_gaps, str(district))
    settings = await districts.settings(conn, district)
    found = {(one.kind, one.subject): one for one in await finding.all_(conn, settings, now)}
    known = {(row["kind"], row["subject"]): row for row in await conn.fetch(SQL.list_known)}
    change = Change()
    for key, one in found.items():
        if key not in known:
            await _open(conn, district, one, now)
            change.opened.append(one)
        elif known[key]["detail"] != one.detail or known[key]["severity"] != one.severity:
            await conn.execute(SQL.update_gap, known[key]["id"], one.detail, one.severity)
        if key in known and one.severity < known[key]["severity"]:
            await _say(conn, district, "gap.opened", known[key]["id"], one.elder, now)
            change.opened.append(one)
    for key, row in known.items():
        if key not in found:
            await conn.execute(SQL.close_gap, row["id"], now)
            await _say(conn, district, "gap.closed", row["id"], row["elder_id"], now)
            change.closed += 1
    if change.opened:
        await _tell(conn, district, change.opened, now)
    return change


async def take(conn: Conn, gap: UUID, by: Person, now: datetime) -> Row:
    """Say that one sees to a gap; raise NotFound, or Conflict naming who was first."""
    row = await conn.fetchrow(SQL.find_gap, gap)
    if row is None:
        raise NotFound(f"no gap {gap}")
    if await conn.fetchval(SQL.take_gap, gap, by.account_id, now) is None:
        again = await conn.fetchrow(SQL.find_gap, gap)
        assert again is not None  # noqa: S101 - a gap is never removed while it is looked at
        if again["closed_at"] is not None:
            raise Conflict("this gap is covered already", code="gap_closed")
        at = again["taken_at"].isoformat()
        raise Conflict(
            f"{again['taken_by_name']} sees to it", code="gap_taken", by=again["taken_by_name"], at=at
        )
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action="gap.take",
        subject_kind="cover_gap",
        subject=gap,
    )
    await _say(conn, row["district_id"], "gap.taken", gap, row["elder_id"], now)
    return row


async def _open(conn: Conn, district: UUID, one: Found, now: datetime) -> None:
    identity = new_id()
    values = (one.kind, one.subject, one.severity, one.elder, one.care_bed, one.detail, now)
    await conn.execute(SQL.open_gap, identity, district, *values)
    await _say(conn, district, "gap.opened", identity, one.elder, now)


async def _say(conn: Conn, district: UUID, kind: str, gap: UUID, elder: UUID | None, now: datetime) -> None:
    whose: dict[str, Any] = {"district": district, "at": now, "elder": elder}
    await events.write(conn, kind=kind, subject=gap, roles=OPERATORS, **whose)


async def _tell(conn: Conn, district: UUID, opened: Sequence[Found], now: datetime) -> None:
    """Tell the managers on duty, or all of them when none is, once a look and only of what is grave."""
    if all(one.severity > finding.GRAVE for one in opened):
        return
    managers = await duty.on(conn, "duty_manager", now)
    people = managers or await conn.fetch(SQL.list_managers)
    for one in people:
        to = Recipient(account=one["account_id"], language=one["language"], audience="duty_managers")
        await telling.tell(conn, district=district, kind="gap", to=to, words="gap_night", now=now)


async def forget_old(conn: Conn, before: datetime) -> None:
    """Drop gaps that closed before an instant."""
    await conn.execute(SQL.forget_gaps, before)
