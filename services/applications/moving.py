"""An application on its way: passed on, returned for completion, completed, withdrawn, refused, approved."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.errors import Conflict, Invalid
from core.ids import new_id
from services import enrolments, standing
from services.applications import applications, flows
from services.applications.applications import SQL
from services.applications.flows import Flow


async def pass_on(conn: Conn, application: UUID, by: Person, now: datetime, note: str = "") -> None:
    """Pass an application to its next stage; the first stage has seen every document that is asked for.

    Raises Invalid naming what is missing, or Conflict when it is not open or at its last stage.
    """
    row, flow = await _acting(conn, application, by)
    stage = row["stage"]
    if flows.is_last(flow, stage):
        raise Conflict("the last stage decides: approve or refuse", code="last_stage")
    flows.check_documents(flow, row["documents"])
    await _move(conn, row, flow, "open", stage + 1, now, None)
    await applications.step(conn, row, flow.stages[stage].code, "passed", by, now, note=note)


async def return_(
    conn: Conn, application: UUID, by: Person, now: datetime, *, reason: str, note: str = ""
) -> None:
    """Return an application for completion, with a reason; its time stands still until it is completed."""
    _check_reason(reason)
    row, flow = await _acting(conn, application, by)
    await _move(conn, row, flow, "returned", row["stage"], now, reason)
    code = flow.stages[row["stage"]].code
    await applications.step(conn, row, code, "returned", by, now, reason=reason, note=note)


async def complete(
    conn: Conn, application: UUID, documents: Sequence[str], by: Person, now: datetime, note: str = ""
) -> None:
    """Add documents; an application that was returned goes on at the stage that returned it."""
    row, flow = await _found(conn, application, ("open", "returned"), "complete")
    applications.check_documents(documents, by)
    known = sorted({*row["documents"], *documents})
    await conn.execute(SQL.see_documents, application, known)
    if row["state"] == "returned":
        await _move(conn, row, flow, "open", row["stage"], now, None)
    await applications.step(conn, row, flow.stages[row["stage"]].code, "completed", by, now, note=note)


async def withdraw(conn: Conn, application: UUID, by: Person, now: datetime, note: str = "") -> None:
    """Withdraw an application for who applied."""
    row, flow = await _found(conn, application, ("open", "returned"), "withdraw")
    await _decide(conn, row, "withdrawn", by, now)
    await applications.step(conn, row, flow.stages[row["stage"]].code, "withdrawn", by, now, note=note)


async def refuse(
    conn: Conn, application: UUID, by: Person, now: datetime, *, reason: str, note: str = ""
) -> None:
    """Refuse at the last stage, with a reason; raises as `approve` does."""
    _check_reason(reason)
    row, flow = await _deciding(conn, application, by)
    await _decide(conn, row, "refused", by, now, reason=reason)
    code = flow.stages[row["stage"]].code
    await applications.step(conn, row, code, "refused", by, now, reason=reason, note=note)


async def approve(conn: Conn, application: UUID, by: Person, now: datetime, note: str = "") -> UUID:
    """Approve at the last stage: enrolled from the day of the flow's rule; return the enrolment.

    Raises Conflict `same_person`, `last_stage`, `no_record` while the person has none here,
    `not_eligible` with the conditions that are not met, or `enrolled`.
    """
    row, flow = await _deciding(conn, application, by)
    today = local_date(now)
    if row["elder_id"] is None:
        raise Conflict("the person has no record in this district yet", code="no_record")
    await standing.check_eligible(conn, row["elder_id"], row["scheme_code"], today)
    first = flows.starts_on(flow, row["applied_on"], today)
    enrolment = await enrolments.enrol(
        conn,
        district=row["district_id"],
        elder=row["elder_id"],
        scheme_code=row["scheme_code"],
        valid_from=first,
        reason="applied",
        by=by.account_id,
        now=now,
        source=application,
    )
    await _decide(conn, row, "approved", by, now, starts_on=first, enrolment=enrolment)
    await applications.step(conn, row, flow.stages[row["stage"]].code, "approved", by, now, note=note)
    return enrolment


async def _found(conn: Conn, application: UUID, states: tuple[str, ...], verb: str) -> tuple[Row, Flow]:
    row = await applications.find(conn, application)
    if row["state"] not in states:
        words = f"cannot {verb} an application that is {row['state']}"
        raise Conflict(words, code="application_state", state=row["state"])
    return row, flows.read(row["flow"])


async def _acting(conn: Conn, application: UUID, by: Person) -> tuple[Row, Flow]:
    row, flow = await _found(conn, application, ("open",), "act on")
    acted = {one["stage"]: one["account_id"] for one in await conn.fetch(SQL.list_acted, application)}
    flows.check_actor(flow, row["stage"], by.role, by.account_id, acted)
    return row, flow


async def _deciding(conn: Conn, application: UUID, by: Person) -> tuple[Row, Flow]:
    row, flow = await _acting(conn, application, by)
    if not flows.is_last(flow, row["stage"]):
        raise Conflict("only the last stage decides", code="not_last_stage")
    return row, flow


async def _move(
    conn: Conn, row: Row, flow: Flow, state: str, stage: int, now: datetime, reason: str | None
) -> None:
    due = flows.due_on(local_date(now), flow.stages[stage].days)
    was = (row["id"], row["state"], row["stage"])
    if await conn.fetchval(SQL.move, *was, state, stage, now, due, reason) is None:
        raise Conflict("somebody was first", code="conflict")  # pragma: no cover - the row is locked
    await tell(conn, row, state, now)


async def _decide(
    conn: Conn,
    row: Row,
    state: str,
    by: Person,
    now: datetime,
    *,
    reason: str | None = None,
    starts_on: date | None = None,
    enrolment: UUID | None = None,
) -> None:
    values: tuple[Any, ...] = (by.account_id, now, reason, starts_on, enrolment)
    await conn.execute(SQL.decide, row["id"], row["state"], state, *values)
    await tell(conn, row, state, now)


async def tell(conn: Conn, row: Row, state: str, now: datetime) -> None:
    """Tell the district that an application came from how far it is: the state, nothing else."""
    if row["from_id"] is not None:
        await conn.fetchval(SQL.tell_sender, row["id"], state, new_id(), now)


def _check_reason(reason: str) -> None:
    if reason not in flows.REFUSALS:
        words = f"reason: one of {', '.join(flows.REFUSALS)}"
        raise Invalid(words, [{"field": "reason", "code": "unknown", "message": words}])
