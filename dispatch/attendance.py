"""Check-in and check-out: what the phone says is kept as it is, and never blocks; the proof weighs it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict
from core.sql import load
from dispatch import caregivers, cases, evidence, journal, lowered, qr, visit_rows
from dispatch.proof import SKEW
from dispatch.states import VISIT, after

SQL = load(__file__)


async def check_in(
    conn: Conn,
    keys: Keys,
    visit_id: UUID,
    by: Person,
    now: datetime,
    *,
    at: datetime,
    lat: float | None = None,
    lon: float | None = None,
    accuracy_m: float | None = None,
    scanned: str | None = None,
) -> Row:
    """Begin a visit at `at`, which may lie in the past (a phone without network); never blocks for place."""
    row = await visit_rows.mine(conn, visit_id, by)
    to = after(VISIT, "visit", "check_in", row["state"])
    await _refuse_late(conn, row, at)
    mark = await _mark(conn, keys, row, now, at, (lat, lon, accuracy_m), scanned)
    began = _possible(at, now)
    await visit_rows.set_(
        conn, SQL.start_visit, row, visit_id, row["state"], row["caregiver_id"], began, mark
    )
    await journal.visit(conn, row, "check_in", now, by=by, to=to, data=_of_mark(mark))
    await _place(conn, row, mark, _possible(at, now))
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
    at: datetime,
    record: Any,  # noqa: ANN401 - the form's fields differ by service
    lat: float | None = None,
    lon: float | None = None,
    accuracy_m: float | None = None,
    scanned: str | None = None,
) -> Row:
    """End a visit, weigh its proof, verify it (doubted ones too, with flags) and resolve its case."""
    row = await visit_rows.mine(conn, visit_id, by)
    to = after(VISIT, "visit", "check_out", row["state"])
    mark = await _mark(conn, keys, row, now, at, (lat, lon, accuracy_m), scanned)
    ended = max(_possible(at, now), row["started_at"])
    await visit_rows.set_(
        conn, SQL.end_visit, row, visit_id, row["state"], row["caregiver_id"], ended, mark, record
    )
    await journal.visit(conn, row, "check_out", now, by=by, to=to, data=_of_mark(mark))
    await _place(conn, row, mark, _possible(at, now))
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


async def _mark(
    conn: Conn,
    keys: Keys,
    row: Row,
    now: datetime,
    at: datetime,
    position: tuple[float | None, float | None, float | None],
    scanned: str | None,
) -> dict[str, Any]:
    """Write down what the phone said, when it says it was and when it reached us."""
    home = await conn.fetchrow(SQL.find_home, row["id"]) if scanned else None
    lat, lon, accuracy_m = position
    return {
        "at": at.isoformat(),
        "received_at": now.isoformat(),
        "skew_s": round((now - at).total_seconds()),
        "lat": lat,
        "lon": lon,
        "accuracy_m": accuracy_m,
        "code": qr.check(keys, scanned, home) if scanned and home else None,
    }


def _possible(at: datetime, now: datetime) -> datetime:
    """Take the phone's time, however late it reaches us; a time that has not come yet is taken as now."""
    return at if at <= now + SKEW else now


def _of_mark(mark: dict[str, Any]) -> dict[str, Any]:
    return {name: mark[name] for name in ("at", "skew_s", "accuracy_m", "code")}


async def _place(conn: Conn, row: Row, mark: dict[str, Any], at: datetime) -> None:
    if mark["lat"] is not None and mark["lon"] is not None:
        whose = {"id": row["caregiver_id"], "district_id": row["district_id"]}
        await caregivers.place(conn, whose, mark["lat"], mark["lon"], mark["accuracy_m"], at)
