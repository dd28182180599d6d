"""A repair carried into the rows: each visit by one compare-and-set, with its line, its event and its count.

A row that is not what the book said makes the whole repair void (`StaleError`): the book is read anew, and
decides again.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.ids import new_id
from core.sql import load
from dispatch import journal, visit_rows
from dispatch.online.book import Book, Stop, instant
from dispatch.online.repair import Change, Repair
from dispatch.phone import lone

SQL = load(__file__)


class StaleError(Exception):
    """The book says what the database no longer says."""


async def carry(
    conn: Conn, book: Book, found: Repair, emergency: Row, by: Person | None, now: datetime
) -> list[dict[str, Any]]:
    """Change every visit that the emergency changes; return the promises that it breaks; raise StaleError."""
    left = found.interrupted or min(
        (one.stop for one in found.changes), key=lambda one: one.due, default=None
    )
    broken = []
    for change in sorted(found.changes, key=lambda one: one.stop.key):
        row = await visit_rows.lock(conn, change.stop.facts.visit_id)
        _check(row, change.stop)
        if left is not None and change.stop.key == left.key:
            data = {"by_visit": str(emergency["id"])}
            await journal.visit(conn, row, "preempted", now, by=by, data=data)
        await _carry(conn, book, row, change, emergency, now)
        if change.is_broken:
            broken.append(_broken(change))
    if found.changes:
        await _keep(conn, emergency, found, broken, now)
    return broken


async def _carry(conn: Conn, book: Book, row: Row, change: Change, emergency: Row, now: datetime) -> None:
    """Move one visit: it is left, if somebody was on the way to it or had begun; then it finds its time."""
    stop, data = change.stop, {"by_visit": str(emergency["id"]), "is_broken": change.is_broken}
    if stop.seat == 0 and stop.state in {"en_route", "in_progress"}:
        verb = "interrupt" if stop.state == "in_progress" else "turn_back"
        began = {"started_at": row["started_at"].isoformat()} if row["started_at"] else {}
        await _set(conn, SQL.turn_back, row["id"], row["state"], stop.carer_id)
        await journal.visit(conn, row, verb, now, to="accepted", data={**data, **began})
        await lone.leave(conn, row["id"], stop.carer_id, now)
        row = {**row, "state": "accepted"}
    if change.code == "released" or change.carer_id is None or change.begin is None:
        await _take_back(conn, row, stop, data, now)
    elif change.code == "postponed":
        await _postpone(conn, row, stop, instant(change.begin), data, now)
    else:
        await _hand_over(conn, book, row, change, instant(change.begin), data, now)


async def _postpone(
    conn: Conn, row: Row, stop: Stop, begin: datetime, data: dict[str, Any], now: datetime
) -> None:
    await _set(conn, SQL.postpone, row["id"], row["state"], row["caregiver_id"], stop.planned_at, begin, now)
    told = {**data, "from": instant(stop.due).isoformat(), "to": begin.isoformat()}
    await journal.visit(conn, row, "retime", now, data=told)


async def _hand_over(
    conn: Conn, book: Book, row: Row, change: Change, begin: datetime, data: dict[str, Any], now: datetime
) -> None:
    stop, whom = change.stop, change.carer_id
    assert whom is not None  # noqa: S101 - handed over to somebody
    carer = book.routes[whom].carer
    told = {**data, "caregiver_id": str(whom), "name": carer.name, "before": str(stop.carer_id)}
    told |= {"from": instant(stop.due).isoformat(), "to": begin.isoformat()}
    if stop.seat:
        await _set(conn, SQL.hand_over_second, row["id"], stop.carer_id, whom, now)
        await journal.visit(conn, {**row, "caregiver_id": whom}, "hand_over", now, data=told)
        return
    why = {
        "request": {"cause": "emergency", "by_visit": data["by_visit"]},
        "chosen": {"caregiver_id": str(whom), "name": carer.name, "code": "takes_over"},
        "considered": [],
    }
    values = (row["caregiver_id"], stop.planned_at, begin, now, whom, carer.provider_id, why)
    await _set(conn, SQL.hand_over, row["id"], row["state"], *values)
    await journal.visit(conn, {**row, "caregiver_id": whom}, "hand_over", now, to="offered", data=told)


async def _take_back(conn: Conn, row: Row, stop: Stop, data: dict[str, Any], now: datetime) -> None:
    why: dict[str, Any] = {
        "request": {"cause": "emergency", "by_visit": data["by_visit"]},
        "chosen": None,
        "considered": [],
    }
    await _set(conn, SQL.take_back, row["id"], row["state"], stop.planned_at, why)
    await conn.execute(SQL.drop_second, row["id"])
    told = {**data, "from": instant(stop.due).isoformat(), "before": str(stop.carer_id)}
    await journal.visit(conn, row, "take_back", now, to="wanted", data=told)


async def _keep(
    conn: Conn, emergency: Row, found: Repair, broken: list[dict[str, Any]], now: datetime
) -> None:
    """Keep what it cost where the planner's repairs are counted."""
    trigger = {
        "kind": "emergency",
        "visit_id": str(emergency["id"]),
        "case_id": str(emergency["case_id"]),
        "changes": len(found.changes),
    }
    day = local_date(now)
    await conn.execute(SQL.keep_repair, new_id(), emergency["district_id"], day, trigger, broken, 0.0, now)


def _broken(change: Change) -> dict[str, Any]:
    stop = change.stop
    found: dict[str, Any] = {"visit_id": str(stop.facts.visit_id), "from": instant(stop.due).isoformat()}
    if change.carer_id is None or change.begin is None:
        return {**found, "code": "dropped"}
    to = {"to": instant(change.begin).isoformat(), "minutes": round(change.begin - stop.due)}
    if change.carer_id == stop.carer_id:
        return {**found, "code": "time", **to}
    return {**found, "code": "caregiver", "caregiver_id": str(change.carer_id), **to}


def _check(row: Row, stop: Stop) -> None:
    """Look whether a locked visit is what the book says."""
    if row["state"] != stop.state or (stop.seat == 0 and row["caregiver_id"] != stop.carer_id):
        raise StaleError(str(row["id"]))


async def _set(conn: Conn, statement: str, visit_id: UUID, *values: object) -> None:
    if await conn.fetchval(statement, visit_id, *values) is None:
        raise StaleError(str(visit_id))
