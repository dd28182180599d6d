"""Devices that were bound to a bed and never spoke: silent as well, once they have had time to begin."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.db import Conn, Pool, Row
from core.sql import load
from gateway import deafness, judging, states
from gateway.known import Registry
from gateway.rules.memory import Raised
from gateway.rules.silence import Span, silent, unheard

SQL = load(__file__)
LEAST = timedelta(hours=4)
"""So long a device may take to begin, or as long as its model may be silent, if that is more."""
MOST = 5_000


async def enlist(pool: Pool, now: datetime) -> None:
    """Give who has never spoken a live state, so that the sweep finds it."""
    async with pool.transaction() as conn:
        await conn.execute(SQL.enlist, now)


async def look(conn: Conn, registry: Registry, now: datetime) -> tuple[int, int]:
    """Raise the alarm of those who should have spoken; return how many were looked at and are new."""
    rows = await conn.fetch(SQL.list_due, now, MOST)
    if not rows:
        return 0, 0
    deaf = await deafness.spans(conn, now)
    looked = [_look(registry, row, now, deaf) for row in rows]
    await conn.execute(
        states.SQL.postpone_silence,
        [row["device_no"] for row in rows],
        [at for at, _ in looked],
        [row["bound_at"] if one else None for row, (_, one) in zip(rows, looked, strict=True)],
    )
    return len(rows), await judging.raise_rules(conn, registry, [one for _, one in looked if one], now)


def _look(
    registry: Registry, row: Row, now: datetime, deaf: Sequence[Span]
) -> tuple[datetime | None, Raised | None]:
    """Return when to look again (null: not before it speaks) and the alarm, if it is time."""
    device, bound_at = registry.by_no(row["device_no"]), row["bound_at"]
    if device is None or device.care_bed is None or bound_at is None:
        return now + LEAST, None
    rule = registry.book_of(device.district, device.elder).silence
    if rule is None:
        return now + LEAST, None
    limit = max(LEAST, timedelta(seconds=rule.limit_s(device.model.silent_after_s, None)))
    since = bound_at + unheard(deaf, bound_at, now)
    if now - since < limit:
        return since + limit, None
    return None, silent(device.text, bound_at, now, device.model.silent_severity)
