"""Cases entered by hand: from a call, 12345, a paper, somebody at the counter; or a call that nobody took.

Whoever is about to open a second case for the same person is told of the first, and may join it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from core import audit, people
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import cases, escalation, fields, journal, policy
from dispatch.notices import steps

SQL = load(__file__)
SOURCES = ("phone", "hotline_12345", "paper", "walk_in", "neighbour", "other")
TYPES = {
    "call_for_help": 1,
    "fall_reported": 1,
    "unwell": 2,
    "not_reached": 2,
    "missed_call": 3,
    "device_trouble": 4,
    "care_request": 4,
    "question": 5,
}
"""What a case entered by hand is about, with the severity that it has unless another is given."""
_LONGEST, _LINE = 4000, 200
_GRAVEST, _LEAST = 1, 5
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said, as it is entered: `words`, `name` and `phone` are sealed.

    `elder` None: about nobody whom we know. `number`: the hotline's order, or the number on the paper.
    """

    source: str
    type: str
    words: str
    elder: UUID | None = None
    severity: int | None = None
    number: str | None = None
    name: str | None = None
    phone: str | None = None
    received_at: datetime | None = None
    call: UUID | None = None
    complaint: UUID | None = None


async def enter(
    conn: Conn, keys: Keys, report: Report, by: Person, now: datetime, *, separate: bool = False
) -> UUID:
    """Open a case of a report; return its id.

    Raises Invalid by field, NotFound without such an elder, Conflict `open_case` naming the case that is
    open for this person (`separate` opens another all the same), `report_known` when the order is there.
    """
    _check(report, now)
    if report.elder is not None:
        await people.find_elder(conn, report.elder)
        await _alone(conn, report.elder)
        known = await open_case(conn, report.elder)
        if known is not None and not separate:
            raise Conflict("this person has an open case", code="open_case", case=str(known["id"]))
    case = await open_(conn, by.district_id, report, now, by)
    await _keep(conn, keys, case["id"], by.district_id, report, by, now)
    return UUID(str(case["id"]))


async def join(conn: Conn, keys: Keys, case: UUID, report: Report, by: Person, now: datetime) -> UUID:
    """Add a report to an open case; raise NotFound, Conflict `wrong_state` when the case is closed.

    Raises Invalid when the report is about another person.
    """
    _check(report, now)
    row = await cases.lock(conn, case)
    if row["state"] == "closed":
        raise Conflict("the case is closed", code="wrong_state", state="closed", verb="join")
    if report.elder is not None and row["elder_id"] not in (None, report.elder):
        raise Invalid("case: of another person", [{"field": "case", "code": "other_person"}])
    await journal.case(conn, row, "report", now, by=by, data=_data(report))
    await _keep(conn, keys, case, row["district_id"], report, by, now)
    return case


async def case_of_call(conn: Conn, call: UUID, case: UUID, by: Person, now: datetime) -> None:
    """Say which case a call is about; a missed one is thereby returned. Raise NotFound."""
    row = await cases.lock(conn, case)
    named = await conn.fetchrow(SQL.name_call, call, case, now, by.account_id)
    if named is None:
        raise NotFound(f"no inbound call {call}")
    await journal.case(conn, row, "caller", now, by=by, data={"call_id": str(call)})


async def open_(conn: Conn, district: UUID, report: Report, now: datetime, by: Person | None = None) -> Row:
    """Open the case alone; the escalation policy in force is its own from now on."""
    fixed = await escalation.in_force(conn)
    look = now + policy.notice(fixed["steps"], 0).wait
    severity = report.severity or TYPES[report.type]
    values = (new_id(), district, report.elder, None, "care", report.type, severity, now, fixed, look)
    case = await conn.fetchrow(cases.SQL.open_case, *values, None, None)
    assert case is not None  # noqa: S101 - an insert returns its row
    data = _data(report) | {"severity": severity}
    opened = {**case, "state": None}
    await journal.case(conn, opened, "open", now, by=by, to="raised", data=data, roles=OPERATORS)
    if by is None:  # nobody sits there: the first step's phones ring as for an alarm
        await steps.want(conn, case, policy.notice(fixed["steps"], 0), now)
    return case


async def open_case(conn: Conn, elder: UUID) -> Row | None:
    """Return the newest open case of an elder that a report would join, or None."""
    return await conn.fetchrow(SQL.find_open, elder)


async def reports(conn: Conn, case: UUID) -> list[Row]:
    """Return what was entered of a case, oldest first, its words sealed."""
    return await conn.fetch(SQL.list_reports, case)


async def words_of(conn: Conn, keys: Keys, report: UUID, by: Person, now: datetime) -> dict[str, str]:
    """Return the words, name and number of a report in clear, on record; raise NotFound."""
    row = await conn.fetchrow(SQL.find_report, report)
    if row is None:
        raise NotFound(f"no report {report}")
    detail: dict[str, object] = {"field": "words"}
    await _record(conn, by, "reveal", report, now, detail)
    return {
        name: keys.open(by.district_id, row[f"{name}_sealed"]) if row[f"{name}_sealed"] else ""
        for name in ("words", "name", "phone")
    }


def _data(report: Report) -> dict[str, object]:
    data: dict[str, object] = {"source": report.source, "type": report.type}
    return data | ({"call_id": str(report.call)} if report.call else {})


def _check(report: Report, now: datetime) -> None:
    fields.one_of("source", report.source, SOURCES)
    fields.one_of("type", report.type, TYPES)
    if report.severity is not None and not _GRAVEST <= report.severity <= _LEAST:
        raise fields.wrong("severity", "out_of_range", "1 to 5")
    if not report.words.strip():
        raise fields.wrong("words", "empty", "write what was said")
    if report.elder is None and not (report.name or report.phone):
        raise fields.wrong("name", "empty", "who is it about: a name or a number, when nobody is chosen")
    lengths = {
        "words": (report.words, _LONGEST),
        "name": (report.name, _LINE),
        "phone": (report.phone, _LINE),
    }
    for name, (text, most) in lengths.items():
        if text and len(text) > most:
            raise fields.wrong(name, "too_long", f"at most {most} characters")
    if report.received_at is not None and report.received_at > now + _SLACK:
        raise fields.wrong("received_at", "future", "lies in the future")


async def _alone(conn: Conn, elder: UUID) -> None:
    """Let no two operators open a case for one person at the same moment."""
    await conn.execute(SQL.lock_elder, str(elder))


async def _keep(
    conn: Conn, keys: Keys, case: UUID, district: UUID, report: Report, by: Person, now: datetime
) -> None:
    identity = new_id()
    sealed = (
        keys.seal(district, text.strip()) if text and text.strip() else None
        for text in (report.words, report.name, report.phone)
    )
    about = (report.call, report.complaint, report.received_at or now, by.account_id, now)
    values = (identity, district, case, report.source, report.number or None, *sealed, *about)
    try:
        async with conn.transaction():
            await conn.execute(SQL.keep_report, *values)
    except asyncpg.UniqueViolationError as error:
        known = await conn.fetchval(SQL.find_number, report.source, report.number)
        raise Conflict("this order was entered already", code="report_known", case=str(known)) from error
    await _record(conn, by, "enter_report", identity, now, {"case": str(case), "source": report.source})


async def _record(
    conn: Conn, by: Person, action: str, subject: UUID, now: datetime, detail: dict[str, object]
) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="case_report",
        subject=subject,
        detail=detail,
    )
