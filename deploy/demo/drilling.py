"""Last week's contact drill of a demo district, and a policy that waits to be put into force."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from core import districts
from core.clock import at_local, local
from core.ids import new_id
from core.sql import load as statements
from deploy.demo.place import Place
from dispatch import policies
from dispatch.notices import drills

SQL = statements(__file__)
DATA = Path(__file__).with_name("data") / "policies.toml"
UNREACHED = (("no_such_number", True), ("no_answer", False), ("not_reached", False))
"""What stood in the way of the first three outside the office; the fourth was reached and said nothing."""


async def extend(place: Place) -> None:
    """Hold last week's drill, unless there has been one."""
    if await drills.list_(place.conn):
        return
    settings = await districts.settings(place.conn, place.district)
    held_at = _last(place.now, settings.drill_weekday, settings.drill_at)
    await drills.tick(place.conn, place.district, held_at)
    rows = await place.conn.fetch(SQL.list_asked)
    outside = [row["id"] for row in rows if row["outside_id"]]
    failed = dict(zip(outside, UNREACHED, strict=False))
    silent = set(outside[len(failed) : len(failed) + 1])
    tries: list[tuple[object, ...]] = []
    ends: list[tuple[object, ...]] = []
    for nth, row in enumerate(rows):
        code, permanent = failed.get(row["id"], (None, False))
        state = "failed" if code else "delivered" if row["id"] in silent else "answered"
        at = held_at + timedelta(minutes=2 + nth % 40)
        channel = row["channels"][-1]
        values = (new_id(), row["id"], channel, state, code, permanent, str(new_id()), at)
        tries.append(values)
        ended = {"failed": "failed", "delivered": "told", "answered": "answered"}[state]
        ends.append((row["id"], ended, at))
    await place.conn.executemany(SQL.add_try, tries)
    await place.conn.executemany(SQL.end_notice, ends)
    await drills.tick(place.conn, place.district, held_at + timedelta(minutes=settings.drill_minutes))
    night = tomllib.loads(DATA.read_text(encoding="utf-8"))["night"]
    given = {"name": night["name"], "steps": night["steps"], "by": None, "now": held_at}
    await policies.draft(place.conn, district=place.district, **given)


def _last(now: datetime, weekday: int, clock: str) -> datetime:
    """Return when the last drill of the week began, its window being over by now."""
    day = local(now - timedelta(hours=12)).date()
    while day.isoweekday() != weekday:
        day -= timedelta(days=1)
    return at_local(day, clock)
