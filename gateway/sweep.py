"""What time alone raises: rules that are due, devices that are silent; may be killed anywhere, run twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import log
from core.db import Conn, Pool, Row
from gateway import deafness, habits, judging, states, unheard, watches
from gateway.known import Known, Registry
from gateway.rules import engine, silence
from gateway.rules.memory import Raised, Watch
from gateway.rules.silence import Habit, Span

_MOST = 1_000
_MOST_SILENT = 20_000
_LATER = timedelta(minutes=5)


async def tick(pool: Pool, registry: Registry, now: datetime) -> int:
    """Raise what is due now; return how many alarms are new."""
    count = 0
    for work, most in ((_due, _MOST), (_silent, _MOST_SILENT), (unheard.look, unheard.MOST)):
        while True:
            async with pool.transaction() as conn:
                looked_at, raised = await work(conn, registry, now)
            count += raised
            if looked_at < most:
                break
    return count


async def _due(conn: Conn, registry: Registry, now: datetime) -> tuple[int, int]:
    due = await watches.due(conn, now, _MOST)
    raised: list[Raised] = []
    for subject, watch in due.items():
        raised += _judge(registry, subject, watch, now)
    if due:
        await watches.save(conn, due)
    return len(due), await judging.raise_rules(conn, registry, raised, now)


def _judge(registry: Registry, subject: UUID, watch: Watch, now: datetime) -> list[Raised]:
    device = registry.of_subject(subject)
    if device is None:
        for one in watch.instances.values():
            one.due = one.held = one.held_until = None
        return []
    try:
        raised = engine.sweep(watch, registry.book_of(device.district, device.elder), now)
    except Exception as error:  # noqa: BLE001 - one home's rules must not stop everybody's
        log.get().error("rules.failed", device=device.text, error=type(error).__name__)
        for one in watch.instances.values():
            one.due = one.due and now + _LATER
        return []
    return [one for one in raised if _is_still_at(registry, one.device, subject)]


def _is_still_at(registry: Registry, device: str, subject: UUID) -> bool:
    """Say whether a device is still where the rule watched it: its alarm must not name another elder."""
    found = registry.by_topic(device)
    return found is None or found.subject == subject


async def _silent(conn: Conn, registry: Registry, now: datetime) -> tuple[int, int]:
    rows = await conn.fetch(states.SQL.list_silent_due, now, _MOST_SILENT)
    raised: list[Raised] = []
    later: list[datetime | None] = []
    since: list[datetime | None] = []
    known = await _habits(conn, registry, rows, now)
    deaf = await deafness.spans(conn, now) if rows else []
    for row in rows:
        device = registry.by_no(row["device_no"])
        at, alarm = _look(registry, device, known.get(row["device_no"]), row["last_seen_at"], now, deaf)
        later.append(at)
        since.append(row["last_seen_at"] if at is None else None)
        raised += alarm
    if rows:
        await _postpone(conn, rows, later, since)
    return len(rows), await judging.raise_rules(conn, registry, raised, now)


async def _habits(conn: Conn, registry: Registry, rows: Sequence[Row], now: datetime) -> dict[int, Habit]:
    """Ask how those have spoken who seem to be silent; nobody else's habit matters."""
    found = [(registry.by_no(row["device_no"]), row["last_seen_at"]) for row in rows]
    quiet = [
        device
        for device, seen_at in found
        if device is not None and silence.is_over(seen_at, device.model.silent_after_s, now)
    ]
    return await habits.of(conn, quiet, now)


async def _postpone(
    conn: Conn, rows: Sequence[Row], later: list[datetime | None], since: list[datetime | None]
) -> None:
    numbers = [row["device_no"] for row in rows]
    await conn.execute(states.SQL.postpone_silence, numbers, later, since)


def _look(
    registry: Registry,
    device: Known | None,
    habit: Habit | None,
    seen_at: datetime,
    now: datetime,
    deaf: Sequence[Span],
) -> tuple[datetime | None, list[Raised]]:
    """Return when to look again (null: not before it speaks) and the alarm, if its silence is one.

    The time in which no gateway listened is nobody's silence.
    """
    if device is None or device.care_bed is None:
        return None, []
    rule = registry.book_of(device.district, device.elder).silence
    if rule is None:
        return None, []
    limit_s = rule.limit_s(device.model.silent_after_s, habit)
    since = seen_at + silence.unheard(deaf, seen_at, now)
    if not silence.is_over(since, limit_s, now):
        return since + timedelta(seconds=limit_s), []
    return None, [silence.silent(device.text, seen_at, now, device.model.silent_severity)]
