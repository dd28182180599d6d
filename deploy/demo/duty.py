"""A demo district's call centre: a rota that covers now, weeks of answered alarms, a sample, a pause."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import accounts
from core.accounts import Person
from core.clock import at_local, month_of
from core.db import Row
from core.ids import new_id
from core.sql import load
from deploy.demo import people as made_up
from deploy.demo.place import Place
from dispatch import escalation
from dispatch.centre import answers, pauses, quality, rota, standing_in

SQL = load(__file__)
AHEAD, BEHIND = 14, 42
EVERY = timedelta(hours=15, minutes=40)
"""One alarm in so long, over the last weeks: all hours of the day have some."""
WAITS = (8, 14, 21, 33, 12, 47, 19, 26, 11, 58, 16, 38)
SLOW = {7: 95, 23: 210, 41: 72}
"""Alarms that waited longer than they should."""


async def extend(place: Place) -> None:
    """Lay the rota ahead; the first time also what lies behind, once."""
    known = await accounts.list_(place.conn, limit=200)
    ours = [row for row in known if row["login"].startswith(f"{place.world.login}_")]
    staff: dict[str, list[Row]] = {"operator": [], "duty_manager": []}
    for row in ours:
        staff.get(row["role"], []).append(row)
    if not staff["operator"]:
        return
    is_new = not await place.conn.fetchval(SQL.has_rota)
    await _lay(place, staff, BEHIND if is_new else 0)
    if is_new and len(staff["operator"]) > 1 and staff["duty_manager"]:
        await _remember(place, [row["id"] for row in staff["operator"]])
        await _sample(place, place.person(staff["duty_manager"][0]))
        await _change(place, staff)
        await _pause(place, place.person(staff["operator"][0]))


async def _lay(place: Place, staff: dict[str, list[Row]], behind: int) -> None:
    """Lay days and nights of the operators, and the manager's days; what is there stays."""
    rows: list[tuple[object, ...]] = []
    for nth in range(-behind, AHEAD + 1):
        on = place.day(-nth)
        for at, row in enumerate(staff["operator"][:2]):
            starts = at_local(on, "08:00" if (at + on.isocalendar().week) % 2 else "20:00")
            rows.append(
                (new_id(), place.district, row["id"], "operator", starts, starts + timedelta(hours=12))
            )
        for row in staff["duty_manager"][:1]:
            starts = at_local(on, "09:00")
            what = ("duty_manager", starts, starts + timedelta(hours=9))
            rows.append((new_id(), place.district, row["id"], *what))
    await place.conn.executemany(SQL.lay, rows)


async def _change(place: Place, staff: dict[str, list[Row]]) -> None:
    """Give everybody a number for duty; one is absent on the day after tomorrow, one offers a shift."""
    boss, one, two = staff["duty_manager"][0], *staff["operator"][:2]
    for nth, row in enumerate((boss, one, two)):
        sealed = place.keys.seal(place.district, made_up.phone(7000 + nth))
        await rota.set_phone(place.conn, row["id"], sealed, place.person(boss), place.now)
    away = (at_local(place.day(-2), "00:00"), at_local(place.day(-3), "00:00"))
    what = (one["id"], None, "training", *away)
    await standing_in.override(place.conn, *what, place.person(boss), place.now)
    later = (at_local(place.day(-5), "00:00"), at_local(place.day(-7), "00:00"))
    shifts = await rota.list_(place.conn, *later, two["id"])
    await standing_in.offer(place.conn, shifts[-1]["id"], None, place.person(two), place.now)


async def _remember(place: Place, operators: list[UUID]) -> None:
    """Make alarms of past weeks that were answered, some late, some false, some with somebody sent."""
    beds = await place.conn.fetch(SQL.list_beds)
    if not beds:
        return
    policy = await escalation.in_force(place.conn)
    count = int(timedelta(days=BEHIND - 1) / EVERY)
    past = [_past(place, nth, beds[nth % len(beds)], operators, count) for nth in range(count)]
    whole = [one for one in past if one["opened"] < place.now - timedelta(hours=3)]
    what = [
        (o["case"], place.district, o["bed"], o["type"], o["severity"], o["opened"], o["by"]) for o in whole
    ]
    ends = [
        (*row, o["claimed"], o["closed"], o["outcome"], policy) for row, o in zip(what, whole, strict=True)
    ]
    await place.conn.executemany(SQL.add_case, ends)
    await place.conn.executemany(
        SQL.add_alarm,
        [
            (o["alarm"], place.district, o["device"], o["type"], o["severity"], o["opened"], str(o["alarm"]))
            for o in whole
        ],
    )
    await place.conn.executemany(
        SQL.link, [(o["alarm"], o["case"], place.district, o["opened"]) for o in whole]
    )
    lines = [(place.district, o["case"], *line) for o in whole for line in _lines(o)]
    entries = [(key, *line) for key, line in zip(sorted(new_id() for _ in lines), lines, strict=True)]
    await place.conn.executemany(SQL.write, entries)
    while await answers.catch_up(place.conn, place.district, place.now):
        pass


def _past(place: Place, nth: int, bed: Row, operators: list[UUID], count: int) -> dict[str, Any]:
    opened = place.now - (count - nth) * EVERY
    claimed = opened + timedelta(seconds=SLOW.get(nth, WAITS[nth % len(WAITS)]))
    is_sent = nth % 6 == 0
    outcome = "assisted" if is_sent else ("false_alarm" if nth % 3 == 1 else "reassured")
    return {
        "case": new_id(),
        "alarm": new_id(),
        "bed": bed["care_bed_id"],
        "device": bed["device_id"],
        "type": "sos" if nth % 4 == 0 else "bed_exit",
        "severity": 1 if nth % 4 == 0 else 2,
        "opened": opened,
        "claimed": claimed,
        "sent": claimed + timedelta(seconds=80) if is_sent else None,
        "came": claimed + timedelta(minutes=52 if nth == 24 else 18 + nth % 9) if is_sent else None,  # noqa: PLR2004 - one was late
        "closed": claimed + timedelta(minutes=70 if is_sent else 3 + nth % 4),
        "by": operators[nth % 2],
        "outcome": outcome,
    }


def _lines(one: dict[str, Any]) -> list[tuple[object, ...]]:
    """Return the timeline of a past case: when, who, what, from which state to which."""
    lines: list[tuple[datetime, UUID | None, str, str | None, str]] = [
        (one["opened"], None, "open", None, "raised"),
        (one["claimed"], one["by"], "claim", "raised", "claimed"),
    ]
    if one["sent"]:
        lines.append((one["sent"], one["by"], "dispatch", "claimed", "dispatched"))
        lines.append((min(one["came"], one["closed"]), None, "arrive", "dispatched", "on_scene"))
    lines.append(
        (max(one["closed"], one["came"] or one["closed"]), one["by"], "close", lines[-1][4], "closed")
    )
    return list(lines)


async def _sample(place: Place, boss: Person) -> None:
    """Draw the sample of the month before, and score every other call."""
    month = month_of(month_of(place.day(0)) - timedelta(days=1))
    if not await quality.candidates(place.conn, month):
        return
    sample = await quality.draw(place.conn, month, boss, place.district, place.now)
    for nth, row in enumerate(await quality.items(place.conn, sample)):
        if nth % 2 == 0:
            form = quality.form_of(row)
            marks: dict[str, int | None] = {
                one.code: 2 - (at == 2 + nth) for at, one in enumerate(form.criteria)
            }
            await quality.score(place.conn, place.keys, row["id"], marks, "", boss, place.now)


async def _pause(place: Place, operator: Person) -> None:
    """Pause the last elder's monitoring: a few days away."""
    last = await place.conn.fetchval(SQL.last_elder)
    if last is not None:
        ends = place.now + timedelta(days=4)
        what: dict[str, Any] = {"elder": last, "care_bed": None, "reason": "holiday", "starts_at": place.now}
        await pauses.begin(place.conn, **what, ends_at=ends, by=operator, now=place.now)
