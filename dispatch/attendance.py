"""Check-in and check-out: what the phone says is kept as it is, and never blocks; the proof weighs it."""

from datetime import datetime, timedelta
from typing import Any, Unpack
from uuid import UUID

from core import districts
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict
from core.sql import load
from dispatch import caregivers, cases, evidence, journal, lateness, lowered, visit_rows
from dispatch.phone import companions, lone, marks
from dispatch.phone.marks import Said, Stamp
from dispatch.states import VISIT, after

SQL = load(__file__)
_TOLD = ("at", "skew_s", "accuracy_m", "code", "code_kind", "clock", "clock_off_s")
"""What of a mark stands in the timeline."""


async def check_in(
    conn: Conn, keys: Keys, visit_id: UUID, by: Person, now: datetime, **stamp: Unpack[Stamp]
) -> Row:
    """Begin a visit at `at`, which may lie in the past (a phone without network); never blocks for place."""
    said = Said(**stamp)
    if await companions.find(conn, visit_id, by):
        return await _come_along(conn, keys, visit_id, by, now, said)
    row = await visit_rows.mine(conn, visit_id, by)
    to = after(VISIT, "visit", "check_in", row["state"])
    mark = await marks.write(conn, keys, visit_id, said, now)
    await _refuse_late(conn, row, marks.at_of(mark))
    began = marks.possible(marks.at_of(mark), now)
    await visit_rows.set_(
        conn, SQL.start_visit, row, visit_id, row["state"], row["caregiver_id"], began, mark
    )
    await journal.visit(conn, row, "check_in", now, by=by, to=to, data=_of_mark(mark))
    await _place(conn, row, mark, began)
    await lone.begin(conn, row, by, began)
    await lateness.came(conn, {**row, "state": to}, began, now)
    if row["case_id"]:
        case = await cases.lock(conn, row["case_id"])
        if case["state"] == "dispatched":
            settings = await districts.settings(conn, row["district_id"])
            until = now + timedelta(minutes=row["minutes"] + settings.grace_minutes)
            data = {"visit_id": str(visit_id)}
            await cases.move(conn, case, "arrive", now, by=by, escalate_at=until, data=data)
    return await visit_rows.find(conn, visit_id)


async def check_out(
    conn: Conn,
    keys: Keys,
    visit_id: UUID,
    by: Person,
    now: datetime,
    *,
    record: Any,  # noqa: ANN401 - the form's fields differ by service
    **stamp: Unpack[Stamp],
) -> Row:
    """End a visit, weigh its proof, verify it (doubted ones too, with flags) and resolve its case."""
    said = Said(**stamp)
    if await companions.find(conn, visit_id, by):
        return await _leave_along(conn, keys, visit_id, by, now, said)
    row = await visit_rows.mine(conn, visit_id, by)
    to = after(VISIT, "visit", "check_out", row["state"])
    mark = await marks.write(conn, keys, visit_id, said, now)
    ended = max(marks.possible(marks.at_of(mark), now), row["started_at"])
    await visit_rows.set_(
        conn, SQL.end_visit, row, visit_id, row["state"], row["caregiver_id"], ended, mark, record
    )
    await journal.visit(conn, row, "check_out", now, by=by, to=to, data=_of_mark(mark))
    await _place(conn, row, mark, marks.possible(marks.at_of(mark), now))
    await lone.end(conn, visit_id, by, now)
    await lateness.left(conn, {**row, "state": to}, ended, now)
    proof = await evidence.decide(conn, visit_id, now)
    done = {**row, "state": "completed"}
    data = {"verdict": proof.verdict, "flags": proof.flags}
    await visit_rows.move(conn, done, "verify", None, now, data)
    if row["case_id"]:
        case = await cases.lock(conn, row["case_id"])
        if case["state"] in {"dispatched", "on_scene"}:
            await cases.resolve(conn, row["case_id"], by, now)
    await lowered.visit_ended(conn, visit_id, now)
    return await visit_rows.find(conn, visit_id)


async def _come_along(conn: Conn, keys: Keys, visit_id: UUID, by: Person, now: datetime, said: Said) -> Row:
    mark = await marks.write(conn, keys, visit_id, said, now)
    began = marks.possible(marks.at_of(mark), now)
    row = await companions.check_in(conn, visit_id, by, now, began, mark)
    await _place(conn, {**row, "caregiver_id": by.caregiver_id}, mark, began)
    await lone.begin(conn, row, by, began)
    return row


async def _leave_along(conn: Conn, keys: Keys, visit_id: UUID, by: Person, now: datetime, said: Said) -> Row:
    mark = await marks.write(conn, keys, visit_id, said, now)
    ended = marks.possible(marks.at_of(mark), now)
    row = await companions.check_out(conn, visit_id, by, now, ended, mark)
    await _place(conn, {**row, "caregiver_id": by.caregiver_id}, mark, ended)
    await lone.end(conn, visit_id, by, now)
    return row


async def _refuse_late(conn: Conn, row: Row, at: datetime) -> None:
    """Let only who came in time check in to a visit that was called missed while the phone had no network."""
    if row["state"] == "missed":
        settings = await districts.settings(conn, row["district_id"])
        if at > row["window_end"] + timedelta(minutes=settings.grace_minutes):
            raise Conflict(
                "cannot check in to a visit that is missed",
                code="wrong_state",
                state="missed",
                verb="check_in",
            )


def _of_mark(mark: dict[str, Any]) -> dict[str, Any]:
    return {name: mark[name] for name in _TOLD if name in mark}


async def _place(conn: Conn, row: Row, mark: dict[str, Any], at: datetime) -> None:
    if mark["lat"] is not None and mark["lon"] is not None:
        whose = {"id": row["caregiver_id"], "district_id": row["district_id"]}
        await caregivers.place(conn, whose, mark["lat"], mark["lon"], mark["accuracy_m"], at)
