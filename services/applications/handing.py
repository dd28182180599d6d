"""Applied for anywhere, decided where registered: the one place where a row crosses districts.

A package of one application leaves: the person sealed anew with the receiving district's key, the scheme's
code, the list of documents seen, the day of application. The sender keeps a stub with state and days; of the
receiver it learns the states and nothing else. Both audit logs have every move. Three SECURITY DEFINER
functions do the crossing (migration 0029).
"""

from datetime import datetime
from uuid import UUID

import asyncpg

from core import districts
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid
from core.ids import new_id
from services.applications import applications, flows, moving
from services.applications.applications import SQL

ARRIVAL = 5
"""Working days in which the receiving district accepts an application or sends it back."""


async def others(conn: Conn, district: UUID) -> list[Row]:
    """Return the districts that an application may be handed to: {id, code, name}."""
    return await conn.fetch(SQL.list_districts, district)


async def hand_over(
    conn: Conn, keys: Keys, application: UUID, to_code: str, by: Person, now: datetime, note: str = ""
) -> None:
    """Hand an application to the district where the person is registered; a stub without the person stays.

    Raises Invalid on an unknown district; Conflict when it is not open or returned, or came from elsewhere.
    """
    row = await applications.find(conn, application)
    target = await districts.find_by_code(conn, to_code)
    allowed = {one["id"] for one in await others(conn, by.district_id)}
    if target is None or target["id"] not in allowed:
        words = "to: no other district of this installation"
        raise Invalid(words, [{"field": "to", "code": "unknown", "message": words}])
    if row["state"] not in {"open", "returned"} or row["from_id"] is not None:
        words = "only what was applied for here and is under way is handed over"
        raise Conflict(words, code="application_state", state=row["state"])
    person = applications.unpack(keys, by.district_id, row["person_sealed"])
    package = keys.seal(target["id"], person.packed())
    index = keys.index(target["id"], "id_number", person.id_number)
    due = flows.due_on(local_date(now), ARRIVAL)
    bare = flows.known()["simple"].model_dump(mode="json")
    sent = (new_id(), target["id"], package, index, person.name, bare, due, new_id(), now)
    await conn.fetchval(SQL.hand_over, application, *sent)
    stage = flows.read(row["flow"]).stages[row["stage"]].code
    stub = {**row, "elder_id": None}
    await applications.step(conn, stub, stage, "handed_over", by, now, note=note)
    said = {"to": to_code}
    await applications.record(conn, by.district_id, by, now, "application.hand_over", application, said)


async def accept(conn: Conn, application: UUID, scheme_code: str, by: Person, now: datetime) -> None:
    """Take in an application from another district, under a scheme and flow of this one.

    Raises Invalid on an unknown scheme, Conflict when it has been answered, or the person has applied here.
    """
    row = await _arrived(conn, application)
    wanted, flow = await applications.scheme(conn, scheme_code), await applications.flow_of(conn, scheme_code)
    elder: UUID | None = await conn.fetchval(SQL.find_elder_by_index, row["person_index"])
    today = local_date(now)
    lacks = await applications.lacks_grade(conn, elder, wanted["scale"], today)
    due = flows.due_on(today, flow.stages[0].days)
    body = flow.model_dump(mode="json")
    try:
        async with conn.transaction():
            await conn.execute(SQL.take_in, application, scheme_code, body, elder, now, due, lacks)
    except asyncpg.UniqueViolationError as error:
        words = "this person's application for this scheme is under way here already"
        raise Conflict(words, code="applied_already") from error
    await applications.step(conn, {**row, "elder_id": elder}, "arrival", "accepted", by, now)
    await moving.tell(conn, row, "open", now)


async def send_back(
    conn: Conn, keys: Keys, application: UUID, by: Person, now: datetime, *, reason: str, note: str = ""
) -> None:
    """Send an application back to where it came from, with a reason; only the reason's code crosses."""
    if reason not in flows.REFUSALS:
        words = f"reason: one of {', '.join(flows.REFUSALS)}"
        raise Invalid(words, [{"field": "reason", "code": "unknown", "message": words}])
    row = await _arrived(conn, application)
    home = row["from_district"]
    person = applications.unpack(keys, by.district_id, row["person_sealed"])
    package = keys.seal(home, person.packed())
    index = keys.index(home, "id_number", person.id_number)
    due = flows.due_on(local_date(now), ARRIVAL)
    try:
        async with conn.transaction():
            sent = (package, index, person.name, reason, due, new_id(), now)
            await conn.fetchval(SQL.send_back, application, *sent)
    except asyncpg.UniqueViolationError as error:
        words = "it cannot go back; refuse it here"
        raise Conflict(words, code="cannot_go_back") from error
    await applications.step(conn, row, "arrival", "sent_back", by, now, reason=reason, note=note)


async def _arrived(conn: Conn, application: UUID) -> Row:
    row = await applications.find(conn, application)
    if row["state"] != "received":
        words = f"the application is {row['state']}, not one that has arrived"
        raise Conflict(words, code="application_state", state=row["state"])
    return row
