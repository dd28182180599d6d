"""Applications: who applies for what, by whom brought, and every step with who, when, days and reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from core import audit, events, grades
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.people import check_id_number
from core.sql import load
from services.applications import flows
from services.applications.flows import Flow

SQL = load(__file__)
TOLD = ("clerk", "approver", "admin")
STATES = (
    *("open", "received", "returned", "withdrawn", "refused"),
    *("approved", "handed_over", "sent_back"),
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person an application is for; sealed as a whole, but for the name."""

    name: str
    id_number: str
    phone: str
    address: str

    def packed(self) -> str:
        """Return the text that is sealed."""
        return json.dumps([self.name, self.id_number, self.phone, self.address], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What is applied for: for an elder of the district, or for somebody new (`person`)."""

    scheme_code: str
    via: str
    elder: UUID | None = None
    person: Applicant | None = None
    documents: tuple[str, ...] = ()
    note: str = ""


def unpack(keys: Keys, district: UUID, sealed: bytes) -> Applicant:
    """Open the person of an application."""
    return Applicant(*json.loads(keys.open(district, sealed)))


async def flow_of(conn: Conn, scheme_code: str) -> Flow:
    """Return the flow that the district has given a scheme; the simple one by default."""
    found = await conn.fetchval(SQL.find_flow, scheme_code)
    return flows.read(found) if found else flows.known()["simple"]


async def list_flows(conn: Conn) -> list[Row]:
    """Return the flows that the district has given to schemes: {scheme_code, flow, set_at}."""
    return await conn.fetch(SQL.list_flows)


async def set_flow(conn: Conn, scheme_code: str, flow: object, by: Person, now: datetime) -> Flow:
    """Give a scheme its flow: a name of `flows.known()`, or one of the district's own."""
    await scheme(conn, scheme_code)
    chosen = flows.known().get(flow) if isinstance(flow, str) else flows.read(flow)
    if chosen is None:
        words = f"flow: one of {', '.join(flows.known())}, or one of your own"
        raise Invalid(words, [{"field": "flow", "code": "unknown", "message": words}])
    body = chosen.model_dump(mode="json")
    await conn.execute(SQL.set_flow, by.district_id, scheme_code, body, by.account_id, now)
    await record(conn, by.district_id, by, now, "application.flow", None, {"scheme": scheme_code})
    return chosen


async def scheme(conn: Conn, code: str) -> Row:
    """Return {code, name, scale} of a scheme that may be applied for; raise Invalid."""
    row = await conn.fetchrow(SQL.find_scheme, code)
    if row is None:
        words = f"scheme: the district has no scheme {code}"
        raise Invalid(words, [{"field": "scheme_code", "code": "unknown", "message": words}])
    return row


async def schemes(conn: Conn, on: date) -> list[Row]:
    """Return what may be applied for on a day: {code, name, scale}."""
    return await conn.fetch(SQL.list_schemes, on)


async def apply(conn: Conn, keys: Keys, new: NewApplication, by: Person, now: datetime) -> UUID:
    """Take in an application; return its id.

    Raises Invalid by field; Conflict `applied_already`, `enrolled` or `deceased`.
    """
    wanted, flow, today = (
        await scheme(conn, new.scheme_code),
        await flow_of(conn, new.scheme_code),
        local_date(now),
    )
    check_documents(new.documents, by)
    elder, person, index = await _person(conn, keys, new, by.district_id)
    if elder and await conn.fetchval(SQL.is_enrolled, elder, new.scheme_code, today):
        raise Conflict("the person is enrolled in this scheme already", code="enrolled")
    identity = new_id()
    sealed = keys.seal(by.district_id, person.packed())
    whose = (identity, by.district_id, new.scheme_code, elder, person.name, sealed, index)
    wants = await lacks_grade(conn, elder, wanted["scale"], today)
    due = flows.due_on(today, flow.stages[0].days)
    rest = (sorted(set(new.documents)), wants, by.account_id, new.via, today, now, due)
    try:
        async with conn.transaction():
            await conn.execute(SQL.create_application, *whose, flow.model_dump(mode="json"), *rest)
    except asyncpg.UniqueViolationError as error:
        words = "this person's application for this scheme is under way already"
        raise Conflict(words, code="applied_already") from error
    row = {"id": identity, "district_id": by.district_id, "stage_since": now, "elder_id": elder}
    await step(conn, row, flow.stages[0].code, "applied", by, now, note=new.note)
    return identity


async def _person(
    conn: Conn, keys: Keys, new: NewApplication, district: UUID
) -> tuple[UUID | None, Applicant, bytes]:
    if new.elder is not None:
        row = await conn.fetchrow(SQL.find_person, new.elder)
        if row is None:
            raise NotFound(f"no elder {new.elder}")
        if row["died_on"] is not None:
            raise Conflict(f"the person died on {row['died_on']}", code="deceased")
        sealed = (row["id_number_sealed"], row["phone_sealed"], row["address_sealed"])
        found = [keys.open(district, one) if one else "" for one in sealed]
        return new.elder, Applicant(row["name"], *found), row["id_number_index"]
    if new.person is None or not new.person.name.strip():
        raise Invalid("name: whose application is it", [{"field": "name", "code": "missing"}])
    given = new.person
    person = Applicant(given.name.strip(), check_id_number(given.id_number), given.phone, given.address)
    index = keys.index(district, "id_number", person.id_number)
    known: UUID | None = await conn.fetchval(SQL.find_elder_by_index, index)
    return known, person, index


async def lacks_grade(conn: Conn, elder: UUID | None, scale: str | None, on: date) -> bool:
    """Say whether a scheme goes by ability and nobody has assessed the person: assessors find it."""
    if elder is None or scale != "gbt_42195":
        return False
    return await grades.in_force(conn, elder, scale, on) is None


def check_documents(documents: Sequence[str], by: Person) -> None:
    """Raise Invalid when a document is of no kind that we know, or nobody of the office has seen it."""
    if documents and by.role == "family":
        words = "documents: somebody of the office says which were seen"
        raise Invalid(words, [{"field": "documents", "code": "invalid", "message": words}])
    strangers = [one for one in documents if one not in flows.DOCUMENTS]
    if strangers:
        words = f"documents: {', '.join(strangers)} is none of {', '.join(flows.DOCUMENTS)}"
        raise Invalid(words, [{"field": "documents", "code": "unknown", "message": words}])


async def find(conn: Conn, application: UUID) -> Row:
    """Return an application, locked; raise NotFound."""
    row = await conn.fetchrow(SQL.find_application, application)
    if row is None:
        raise NotFound(f"no application {application}")
    return row


async def steps(conn: Conn, application: UUID) -> list[Row]:
    """Return what was done, oldest first: {at, account_name, stage, action, reason, note, days}."""
    return await conn.fetch(SQL.list_steps, application)


async def list_(
    conn: Conn,
    *,
    state: str | None = None,
    elder_id: UUID | None = None,
    applied_by: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return applications, newest first; `after` is the last id already seen."""
    return await conn.fetch(SQL.list_applications, state, elder_id, applied_by, after, limit)


async def waiting(conn: Conn, role: str, most: int = 50) -> list[Row]:
    """Return what waits for a role, the longest overdue first; `total` counts all of it."""
    return await conn.fetch(SQL.list_waiting, role, most)


async def step(
    conn: Conn,
    row: Row,
    stage: str,
    action: str,
    by: Person | None,
    now: datetime,
    *,
    reason: str | None = None,
    note: str = "",
) -> None:
    """Write a line of an application's history and of the audit log, and an event; days are the stage's."""
    days = max(0, (local_date(now) - local_date(row["stage_since"])).days)
    account, district = by.account_id if by else None, row["district_id"]
    line = (new_id(), district, row["id"], now, account, stage, action, reason, note or None, days)
    await conn.execute(SQL.note_step, *line)
    said = {"stage": stage, **({"reason": reason} if reason else {})}
    await record(conn, district, by, now, f"application.{action}", row["id"], said)
    await events.write(
        conn,
        district=district,
        kind=f"application.{action}",
        subject=row["id"],
        roles=[*TOLD, "family"] if row["elder_id"] else TOLD,
        at=now,
        elder=row["elder_id"],
    )


async def record(
    conn: Conn,
    district: UUID,
    by: Person | None,
    now: datetime,
    action: str,
    subject: UUID | None,
    detail: dict[str, Any],
) -> None:
    """Write what a person did about applications on the audit log."""
    await audit.record(
        conn,
        district=district,
        at=now,
        account=by.account_id if by else None,
        action=action,
        subject_kind="application",
        subject=subject,
        detail=detail,
    )
