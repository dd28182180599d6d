"""Intake: finds alarms that wait, joins them to a case or opens one; the gateway raises, whatever the reason.

A care alarm joins its elder's open case within the district's window; a technical alarm that of its device.

A trigger puts every new alarm that pages into `alarm_intake` (a historical one is kept as an alarm and opens
nothing: what it tells is over). An elder's own cancel comes the same way and becomes a line of the timeline.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import districts, log
from core.db import Conn, Pool, Row
from core.districts import DistrictSettings
from core.errors import Problem
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import cases, cuts, endings, escalation, home_devices, journal, policy, testing
from dispatch.centre import pauses
from dispatch.home_witness import BASELINE, arrived
from dispatch.lowering import LOWERABLE, LOWERED_SEVERITY, Lowering, VisitUnderWay, lower
from dispatch.notices import steps
from dispatch.states import CASE, after
from dispatch.witnesses import MARGIN

SQL = load(__file__)
BATCH = 100
AGAIN = timedelta(minutes=1)


async def run(pool: Pool, district: UUID, now: datetime) -> int:
    """Take in what waits in a district, a batch per transaction; return how many alarms got their case."""
    taken = 0
    while True:
        async with pool.transaction(district) as conn:
            count, done = await take(conn, district, now)
        taken += done
        if count < BATCH:
            return taken


async def take(conn: Conn, district: UUID, now: datetime) -> tuple[int, int]:
    """Take in one batch; return how many were found and how many done (the others are tried again)."""
    await alone(conn, district)
    rows = await conn.fetch(SQL.take_alarms, now, BATCH)
    if not rows:
        return 0, 0
    settings = await districts.settings(conn, district)
    done = 0
    for row in rows:
        try:
            async with conn.transaction():
                await _take_one(conn, row, settings, now)
                await conn.execute(SQL.drop_taken, row["alarm_id"])
                done += 1
        except (
            asyncpg.DataError,
            asyncpg.IntegrityConstraintViolationError,
            ArithmeticError,
            AttributeError,
            LookupError,
            Problem,
            TypeError,
            ValueError,
        ) as error:
            log.get().error("intake.postponed", alarm=str(row["alarm_id"]), error=type(error).__name__)
            await conn.execute(SQL.postpone, row["alarm_id"], now + AGAIN)
    return len(rows), done


async def alone(conn: Conn, district: UUID) -> None:
    """Let nobody else open, group or end cases of this district by itself until the transaction ends."""
    await conn.execute(SQL.lock_intake, str(district))


async def _take_one(conn: Conn, alarm: Row, settings: DistrictSettings, now: datetime) -> None:
    if not alarm["is_linked"] and not await testing.take(conn, alarm, now):
        paused = await pauses.judge(conn, alarm)
        if paused is not None and not paused.pages:
            await pauses.keep(conn, alarm, paused, now)
        else:
            await _give_case(conn, alarm, settings, now)
        if paused is not None and paused.pages:
            case_id = await conn.fetchval(SQL.find_case_of, alarm["id"])
            await pauses.question(conn, await cases.lock(conn, case_id), paused, now)
        if alarm["class"] == "technical":
            await cuts.consider(conn, alarm, settings, now)
    if alarm["cancelled_at"] is not None:
        await _note_cancel(conn, alarm, now)


async def _give_case(conn: Conn, alarm: Row, settings: DistrictSettings, now: datetime) -> None:
    """Join the alarm to its open case, or open one."""
    explained = await _explain(conn, alarm, settings)
    case = await _joinable(conn, alarm, settings, explained)
    if case is None:
        await _open(conn, alarm, explained, now)
    else:
        await _join(conn, case, alarm, explained, now)


async def _note_cancel(conn: Conn, alarm: Row, now: datetime) -> None:
    """Keep in the timeline that the device says cancelled (an alarm of a test has no case)."""
    case_id = await conn.fetchval(SQL.find_case_of, alarm["id"])
    if case_id is not None:
        data = {"alarm_id": str(alarm["id"]), "at": alarm["cancelled_at"].isoformat()}
        await journal.case(conn, await cases.lock(conn, case_id), "cancelled", now, data=data)


async def _explain(conn: Conn, alarm: Row, settings: DistrictSettings) -> Lowering | None:
    """Find the witnessed visit that explains an alarm, if its type may be lowered at all."""
    if alarm["type"] not in LOWERABLE or alarm["elder_id"] is None:
        return None
    under_way = [
        VisitUnderWay(
            row["id"],
            row["started_at"],
            row["started_at"] + timedelta(minutes=row["minutes"]),
            await _is_witnessed(conn, alarm["elder_id"], row),
        )
        for row in await conn.fetch(SQL.list_visits_under_way, alarm["elder_id"])
    ]
    return lower(alarm["type"], alarm["observed_at"], under_way, timedelta(minutes=settings.grace_minutes))


async def _is_witnessed(conn: Conn, elder_id: UUID, visit: Row) -> bool:
    sensors = await home_devices.sensors(conn, elder_id, visit["care_bed_id"])
    at = visit["started_at"]
    return arrived(at, await home_devices.between(conn, sensors, at - BASELINE, at + MARGIN))


async def _joinable(
    conn: Conn, alarm: Row, settings: DistrictSettings, explained: Lowering | None
) -> Row | None:
    """Find the open case that takes the alarm; one put aside takes only what may be lowered, or technical."""
    states = CASE["join"].sources | CASE["rejoin"].sources
    if alarm["class"] == "technical":
        case_id = await conn.fetchval(
            SQL.find_of_device, alarm["device_id"], alarm["care_bed_id"], sorted(states)
        )
    else:
        states -= {"out_of_service"} if alarm["type"] in LOWERABLE else {"shelved", "out_of_service"}
        window, at = timedelta(minutes=settings.case_window_minutes), alarm["received_at"]
        whose = (alarm["elder_id"], alarm["device_id"], at - window, at + window)
        case_id = await conn.fetchval(SQL.find_joinable, *whose, sorted(states), explained is not None)
    if case_id is None:
        return None
    case = await cases.lock(conn, case_id)
    return case if case["state"] in states else None


async def _open(conn: Conn, alarm: Row, explained: Lowering | None, now: datetime) -> None:
    fixed = await escalation.in_force(conn)
    is_technical = alarm["class"] == "technical"
    values = (
        new_id(),
        alarm["district_id"],
        alarm["elder_id"],
        alarm["care_bed_id"],
        alarm["class"],
        alarm["type"],
        _severity(alarm, explained),
        alarm["received_at"],
        fixed,
        _first_look(alarm, explained, now + policy.notice(fixed["steps"], 0).wait),
        explained.until if explained else None,
        alarm["device_id"] if is_technical else None,
    )
    case = await conn.fetchrow(cases.SQL.open_case, *values)
    assert case is not None  # noqa: S101 - an insert returns its row
    await _link(conn, case, alarm, explained, now)
    roles = policy.FAMILY if alarm["class"] == "care" and not explained else OPERATORS
    opened = {**case, "state": None}
    await journal.case(conn, opened, "open", now, to="raised", data=_data(alarm, explained), roles=roles)
    if not is_technical and not explained:
        await steps.want(conn, case, policy.notice(fixed["steps"], 0), now)


async def _join(conn: Conn, case: Row, alarm: Row, explained: Lowering | None, now: datetime) -> None:
    verb = "rejoin" if case["state"] in CASE["rejoin"].sources else "join"
    to = after(CASE, "case", verb, case["state"])
    severity = _severity(alarm, explained)
    look, lowered = case["escalate_at"], case["lowered_until"]
    if explained and lowered is not None:
        look = lowered = max(lowered, explained.until)
    elif verb == "rejoin":
        look = _first_look(alarm, explained, now + policy.notice(case["policy"]["steps"], 0).wait)
        lowered = explained.until if explained else None
    elif case["state"] == "raised" and severity < case["severity"]:
        look = _sooner(alarm, look, now + policy.notice(case["policy"]["steps"], 0).wait)
    values = (case["id"], case["state"], to, alarm["received_at"], severity, alarm["type"], look, lowered)
    await conn.fetchval(SQL.join_case, *values)
    if verb == "rejoin" and case["class"] == "care" and not explained:
        await steps.want(conn, case, policy.notice(case["policy"]["steps"], 0), now)
    await _link(conn, case, alarm, explained, now)
    await journal.case(conn, case, "join", now, to=to, data=_data(alarm, explained))


async def _link(conn: Conn, case: Row, alarm: Row, explained: Lowering | None, now: datetime) -> None:
    by = explained.visit_id if explained else None
    await conn.execute(SQL.link_alarm, alarm["id"], case["id"], alarm["district_id"], now, by)


def _first_look(alarm: Row, explained: Lowering | None, otherwise: datetime) -> datetime | None:
    """Say when the clock looks: at a lowered case when its explanation ends; technical ones never page."""
    if alarm["class"] != "care":
        return None
    return explained.until if explained else otherwise


def _sooner(alarm: Row, look: datetime | None, otherwise: datetime) -> datetime | None:
    """Tell again of a case that grew graver no later than of a new one."""
    if alarm["class"] != "care":
        return look
    return min(look, otherwise) if look else otherwise


def _severity(alarm: Row, explained: Lowering | None) -> int:
    """Say how grave an alarm is for its case: less while a visit explains it; a fault, by the device too."""
    if explained:
        return LOWERED_SEVERITY
    given: int = alarm["severity"]
    if alarm["class"] == "technical":
        return endings.severity(alarm["type"], alarm["thing_model"], given)
    return given


def _data(alarm: Row, explained: Lowering | None) -> dict[str, Any]:
    lowered = (
        {"lowered_by": str(explained.visit_id), "until": explained.until.isoformat()} if explained else {}
    )
    return {"alarm_id": str(alarm["id"]), "type": alarm["type"], "severity": alarm["severity"], **lowered}
