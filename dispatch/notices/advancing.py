"""The engine looks at notices: void, expire, bundle, hold, next try or end; one look at a time a district.

Decisions are `deciding`'s; here rows are read and changed. Nothing is sent: a try is a row that waits.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from core import districts, log
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.ids import new_id
from core.sql import load
from dispatch.notices.deciding import End, Send, Tried, Wait, following, patience
from dispatch.notices.steps import is_wanted

SQL = load(__file__)
BATCH = 500
HELD = timedelta(seconds=30)
"""What a limit holds back is looked at again after so long."""
LIMITED = frozenset({"case", "drill", "visit", "gap", "complaint"})
PAID = frozenset({"sms", "voice"})
"""What limits count and hold back: a push is not counted, and waits for none of them."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass
class _Look:
    """What one look knows: limits left, and who was told of a case when."""

    now: datetime
    settings: DistrictSettings
    tries: Mapping[UUID, list[Tried]]
    person: Counter[UUID]
    last: Mapping[UUID, datetime]
    left: int
    fresh: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    led: set[UUID] = field(default_factory=set)


async def advance(conn: Conn, district: UUID, now: datetime) -> int:
    """Look at the notices of a district that are due, BATCH at most; return how many were looked at."""
    if not await conn.fetchval(SQL.alone, str(district)):
        return 0
    await conn.execute(SQL.free_orphans, now)
    rows = await conn.fetch(SQL.list_due, now, BATCH)
    if not rows:
        return 0
    look = await _gather(conn, district, rows, now)
    for row in rows:
        if row["id"] not in look.led:
            await _one(conn, look, row)
    return len(rows)


async def _gather(conn: Conn, district: UUID, rows: Sequence[Row], now: datetime) -> _Look:
    settings = await districts.settings(conn, district)
    tries: dict[UUID, list[Tried]] = defaultdict(list)
    for one in await conn.fetch(SQL.list_tries, [row["id"] for row in rows]):
        tries[one["notice_id"]].append(_tried(one))
    people = list({row["person_id"] for row in rows if row["person_id"]})
    known = await conn.fetch(SQL.count_of_people, people, now - HOUR)
    spent = await conn.fetchval(SQL.count_of_district, district, now - MINUTE)
    look = _Look(
        now,
        settings,
        tries,
        Counter({one["person_id"]: one["tries"] for one in known}),
        {one["person_id"]: one["last_at"] for one in known if one["last_at"]},
        settings.notice_district_minute - spent,
    )
    for row in rows:
        if row["kind"] == "case" and row["person_id"] and not tries[row["id"]]:
            look.fresh[row["person_id"]].append(row)
    return look


def _tried(row: Row) -> Tried:
    names = ("channel", "state", "at", "code", "is_permanent", "ended_at", "retry_at")
    return Tried(**{name: row[name] for name in names}, was_taken=row["sent_at"] is not None)


async def _one(conn: Conn, look: _Look, row: Row) -> None:
    now = look.now
    if row["kind"] == "case" and not is_wanted(_reason(row), row["case_state"], row["touched_at"], now):
        await conn.execute(SQL.end_notice, row["id"], "void", now)
        return
    tries = look.tries.get(row["id"], [])
    if row["expires_at"] is not None and row["expires_at"] <= now:
        reached = any(one.state in {"delivered", "answered"} for one in tries)
        await conn.execute(SQL.end_notice, row["id"], "told" if reached else "failed", now)
        return
    found = following(row["kind"], row["channels"], tries, now)
    if isinstance(found, Send):
        await _try(conn, look, row, found, len(tries))
    elif isinstance(found, Wait):
        await conn.execute(SQL.look_at, row["id"], found.until)
    elif isinstance(found, End):
        await conn.execute(SQL.end_notice, row["id"], found.state, now)


def _reason(row: Row) -> str:
    return "idle" if row["words"] == "case_idle" else "unanswered"


async def _try(conn: Conn, look: _Look, row: Row, send: Send, before: int) -> None:
    """Make the try, unless the person was told of another case a moment ago or a limit is reached."""
    held = _held(look, row, send.channel, is_first=before == 0)
    if held is not None:
        await conn.execute(SQL.look_at, row["id"], held)
        return
    if before == 0:
        await _bundle(conn, look, row)
    values = (new_id(), row["district_id"], row["id"], row["person_id"], send.channel)
    await conn.execute(SQL.queue_try, *values, secrets.token_urlsafe(16), send.at)
    until = max(look.now, send.at) + patience(row["kind"], send.channel)
    await conn.execute(SQL.begin_sending, row["id"], until)
    if row["kind"] in LIMITED and send.channel in PAID:
        look.left -= 1
        if row["person_id"]:
            look.person[row["person_id"]] += 1


def _held(look: _Look, row: Row, channel: str, *, is_first: bool) -> datetime | None:
    """Say until when a try is held back, or None; codes that somebody waits for never are."""
    if row["kind"] not in LIMITED:
        return None
    person = row["person_id"]
    if is_first and row["kind"] == "case" and person in look.last:
        window = look.last[person] + timedelta(seconds=look.settings.notice_bundle_seconds)
        if window > look.now:
            return window
    if channel not in PAID:
        return None
    if person and look.person[person] >= look.settings.notice_person_hour:
        log.get().warning("notices.held", notice=str(row["id"]), limit="person")
        return look.now + HELD
    reserve = 0 if row["kind"] == "case" else look.settings.notice_district_minute // 2
    if look.left <= reserve:
        log.get().warning("notices.held", notice=str(row["id"]), limit="district")
        return look.now + HELD
    return None


async def _bundle(conn: Conn, look: _Look, row: Row) -> None:
    """Let the person's other new notices of cases ride with this one: one message says how many."""
    if row["kind"] != "case" or not row["person_id"]:
        return
    wanted = [
        other
        for other in look.fresh[row["person_id"]]
        if other["id"] != row["id"]
        and other["id"] not in look.led
        and is_wanted(_reason(other), other["case_state"], other["touched_at"], look.now)
    ]
    riding = [other["id"] for other in wanted]
    look.led |= {row["id"], *riding}
    if not riding:
        return
    await conn.execute(SQL.ride, row["id"], riding)
    channels = list(dict.fromkeys(one for each in (row, *wanted) for one in each["channels"]))
    if channels != list(row["channels"]):  # another step or policy: who rides is called where it would call
        await conn.execute(SQL.widen, row["id"], channels)
