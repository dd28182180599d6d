"""A step of a policy becomes notices: wanted where the step is made, made person by person by a tick."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.db import Conn, Row
from core.sql import load
from dispatch.notices import audiences
from dispatch.notices.deciding import HOLDS, to_ring
from dispatch.notices.telling import Recipient, tell
from dispatch.policy import Notice

SQL = load(__file__)
BATCH = 200
PAGED_FOR = timedelta(hours=2)
"""A claimed case that stands still rings the duty manager for so long after what last happened in it
(somebody acted, an alarm or a call came); then it is on the pages only."""
LIVE = frozenset({"claimed", "verified", "dispatched", "on_scene"})


def is_wanted(reason: str, state: str, touched_at: datetime | None, now: datetime) -> bool:
    """Say whether a case in this state may still page for this reason: never a zombie."""
    if reason == "idle":
        return state in LIVE and touched_at is not None and now - touched_at <= PAGED_FOR
    return state == "raised"


async def want(conn: Conn, case: Row, told: Notice, now: datetime, reason: str = "unanswered") -> None:
    """Note that the phones of a step's audience are to be told; a step without channels has none."""
    await want_all(conn, case["district_id"], [(case["id"], told, reason)], now)


async def want_all(
    conn: Conn, district: UUID, steps: Sequence[tuple[UUID, Notice, str]], now: datetime
) -> None:
    """Do the same for many (case, step, reason) at once; one that is wanted already is not doubled."""
    wanted = [(case, told, reason) for case, told, reason in steps if told.channels]
    if not wanted:
        return
    columns = list(
        zip(
            *(
                (
                    case,
                    told.step,
                    reason,
                    told.audience,
                    ",".join(told.channels),
                    int(told.each.total_seconds()),
                )
                for case, told, reason in wanted
            ),
            strict=True,
        )
    )
    await conn.execute(SQL.want_steps, district, now, *map(list, columns))


async def make_due(conn: Conn, district: UUID, now: datetime) -> int:
    """Make the notices of steps that wait, as far as their cases still want them; return how many steps."""
    rows = await conn.fetch(SQL.take_steps, BATCH)
    wanted = [row for row in rows if is_wanted(row["reason"], row["state"], row["touched_at"], now)]
    if not wanted:
        return len(rows)
    settings = await districts.settings(conn, district)
    staff: dict[str, list[Recipient]] = {}
    for row in wanted:
        await _make(conn, row, staff, tuple(getattr(settings, "notice_rooms", ())), now)
    return len(rows)


async def _make(
    conn: Conn, row: Row, staff: dict[str, list[Recipient]], rooms: Sequence[str], now: datetime
) -> None:
    audience = row["audience"]
    people = staff.get(audience)
    if people is None:
        people = await audiences.of(conn, row, audience, now)
        if audience in audiences.STAFF:
            staff[audience] = people
    phones, room_channels = audiences.split(row["channels"])
    each = timedelta(seconds=row["each_seconds"])
    common: dict[str, Any] = {
        "district": row["district_id"],
        "kind": "case",
        "now": now,
        "case": row["id"],
        "step": row["step"],
    }
    for nth, to in enumerate(await _to_ring(conn, row, people, phones, now)):
        words = audiences.words_for(to.audience, row["reason"])
        await tell(conn, to=to, words=words, channels=to.by(phones), next_at=now + nth * each, **common)
    for room in rooms if room_channels else []:
        to = Recipient(room=room, audience=audience)
        await tell(
            conn,
            to=to,
            words=audiences.words_for("staff", row["reason"]),
            channels=room_channels[:1],
            **common,
        )


async def said(conn: Conn, case: UUID, person: UUID, now: datetime) -> str | None:
    """Return what a relative or caregiver last said to this alarm of a case, if it still counts."""
    return (await _said(conn, case, now)).get(person)


async def _said(conn: Conn, case: UUID, now: datetime) -> dict[UUID | None, str]:
    rows = await conn.fetch(SQL.list_answers, case, now - HOLDS)
    return {row["who"]: row["answer"] for row in rows}


async def _to_ring(
    conn: Conn, row: Row, people: Sequence[Recipient], phones: Sequence[str], now: datetime
) -> list[Recipient]:
    """Leave out who agreed to none of these channels, who is on the way already, who said that they cannot.

    An answer counts for the alarm that it answered, and for HOLDS.
    """
    if not phones or not people:
        return []
    said = await _said(conn, row["id"], now)
    return to_ring(
        [one for one in people if one.by(phones)],
        lambda one: said.get(one.family_member or one.caregiver),
        lambda one: one.account is not None,
    )
