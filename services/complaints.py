"""Complaints (12345, family, telephone): taken, given to a provider, answered or escalated, closed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from core import audit, districts, events
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Pool, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services import complaining

SQL = load(__file__)
HEARERS = ("clerk", "auditor")
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Given:
    """A complaint as it came: `text` and `contact` are sealed; a visit names its person and provider."""

    source: str
    kind: str
    urgency: str
    text: str
    received_at: datetime
    number: str | None = None
    """The hotline's own order number."""
    contact: str | None = None
    elder: UUID | None = None
    provider: UUID | None = None
    visit: UUID | None = None


async def record(conn: Conn, keys: Keys, given: Given, by: Person, now: datetime) -> UUID:
    """Take a complaint; return its id.

    Raises Invalid by field; NotFound for a visit that is not there; Conflict `complaint_known` when the
    hotline's order is there already.
    """
    _check(given, now)
    elder, provider = await _whose(conn, given)
    days = (await districts.settings(conn, by.district_id)).complaint_days
    due = complaining.due_at(given.received_at, given.urgency, days)
    identity, district = new_id(), by.district_id
    contact = keys.seal(district, given.contact) if given.contact else None
    what = (given.source, given.number or None, given.kind, given.urgency, elder, provider, given.visit)
    sealed = (keys.seal(district, given.text.strip()), contact)
    try:
        async with conn.transaction():
            values = (identity, district, *what, *sealed, given.received_at, by.account_id, due)
            await conn.execute(SQL.create_complaint, *values)
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"order {given.number} is there already", code="complaint_known") from error
    await _tell(conn, identity, "take", by, now, detail={"source": given.source, "urgency": given.urgency})
    return identity


async def list_(
    conn: Conn,
    *,
    state: str | None = None,
    provider: UUID | None = None,
    elder: UUID | None = None,
    late_at: datetime | None = None,
    visit: UUID | None = None,
    source: str | None = None,
    taken_by: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return complaints without what is sealed, newest first; `state` may be `live` (not closed).

    Of a provider only what was assigned to it.
    """
    which = (state, provider, elder, late_at, visit, after, source, taken_by)
    return await conn.fetch(SQL.list_complaints, *which, limit)


async def find(conn: Conn, complaint: UUID) -> Row:
    """Return one complaint, its texts sealed; raise NotFound."""
    row = await conn.fetchrow(SQL.find_complaint, complaint)
    if row is None:
        raise NotFound(f"no complaint {complaint}")
    return row


async def story(conn: Conn, complaint: UUID) -> list[Row]:
    """Return what happened to it, oldest first; notes are sealed."""
    return await conn.fetch(SQL.list_entries, complaint)


async def assign(conn: Conn, complaint: UUID, provider: UUID, by: Person, now: datetime) -> None:
    """Give it to a provider; raise NotFound, Conflict `complaint_state`."""
    row = await find(conn, complaint)
    _allow("assign", row)
    if not await conn.fetchval(SQL.assign, complaint, provider, now):
        raise _state("assign", (await find(conn, complaint))["state"])
    await _tell(conn, complaint, "assign", by, now, detail={"provider": str(provider)})


async def answer(conn: Conn, keys: Keys, complaint: UUID, text: str, by: Person, now: datetime) -> None:
    """Keep the provider's answer; raise Invalid, NotFound, Conflict `complaint_state`."""
    row = await find(conn, complaint)
    if by.provider_id is not None and not complaining.is_given_to(row, by.provider_id):
        raise NotFound(f"no complaint {complaint}")
    _allow("answer", row)
    sealed = keys.seal(by.district_id, _words("text", text))
    if not await conn.fetchval(SQL.answer, complaint, sealed, by.account_id, now):
        raise _state("answer", (await find(conn, complaint))["state"])
    await _tell(conn, complaint, "answer", by, now, note=sealed)


async def give_back(conn: Conn, keys: Keys, complaint: UUID, text: str, by: Person, now: datetime) -> None:
    """Ask for a better answer, with the reason; raise Invalid, NotFound, Conflict `complaint_state`."""
    row = await find(conn, complaint)
    _allow("return", row)
    again = complaining.step_at(row["due_at"], row["level"])
    sealed = keys.seal(by.district_id, _words("text", text))
    if not await conn.fetchval(SQL.give_back, complaint, max(again, now) if again else None):
        raise _state("return", (await find(conn, complaint))["state"])
    await _tell(conn, complaint, "return", by, now, note=sealed)


async def close(
    conn: Conn, complaint: UUID, outcome: str, *, is_satisfied: bool | None, by: Person, now: datetime
) -> None:
    """Close it; who answered it may not (`same_person`).

    Raises Invalid, NotFound, Conflict `complaint_state`.
    """
    row = await find(conn, complaint)
    if outcome not in complaining.OUTCOMES:
        raise Invalid("outcome: unknown", [{"field": "outcome", "code": "unknown"}])
    _allow("close", row, outcome)
    if row["answered_by"] == by.account_id:
        raise Conflict("who answered a complaint does not close it", code="same_person")
    states = [state for state in ("open", "assigned", "answered") if complaining.may("close", state, outcome)]
    values = (complaint, outcome, is_satisfied, by.account_id, now, states)
    if not await conn.fetchval(SQL.close, *values):
        raise _state("close", (await find(conn, complaint))["state"])
    await _tell(conn, complaint, "close", by, now, detail={"outcome": outcome})


async def link(conn: Conn, complaint: UUID, visit: UUID, by: Person, now: datetime) -> None:
    """Say which visit it is about; raise NotFound, Invalid when the visit is another person's."""
    row, found = await find(conn, complaint), await _visit(conn, visit)
    if row["elder_id"] not in (None, found["elder_id"]):
        raise Invalid("visit: of another person", [{"field": "visit", "code": "invalid"}])
    if not await conn.fetchval(SQL.link, complaint, visit, found["elder_id"]):
        raise _state("link", row["state"])
    await _tell(conn, complaint, "link", by, now, detail={"visit": str(visit)})


async def tick(pool: Pool, now: datetime) -> int:
    """Escalate what was not answered in time, one step at a time; return how many steps."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    steps = 0
    for district in every:
        while await _escalate(pool, district, now):
            steps += 1
    return steps


async def _escalate(pool: Pool, district: UUID, now: datetime) -> bool:
    async with pool.transaction(district) as conn:
        row = await conn.fetchrow(SQL.take_late, now)
        if row is None:
            return False
        level, identity = row["level"], row["id"]
        await conn.fetchval(SQL.escalate, identity, level, complaining.step_at(row["due_at"], level + 1))
        detail: dict[str, object] = {"level": level + 1}
        await conn.execute(SQL.add_entry, new_id(), district, identity, now, None, "escalate", detail, None)
        await _event(conn, district, identity, complaining.TOLD[level], now)
    return True


def _check(given: Given, now: datetime) -> None:
    allowed = {
        "source": complaining.SOURCES,
        "kind": complaining.KINDS,
        "urgency": complaining.URGENCIES,
    }
    wrong = [
        {"field": name, "code": "unknown"}
        for name, choices in allowed.items()
        if getattr(given, name) not in choices
    ]
    if given.received_at > now:
        wrong.append({"field": "received_at", "code": "future"})
    if wrong:
        raise Invalid(", ".join(f"{one['field']}: {one['code']}" for one in wrong), wrong)
    _words("text", given.text)


def _words(field: str, text: str) -> str:
    found = text.strip()
    if not found or len(found) > LONGEST:
        code = "too_long" if found else "empty"
        raise Invalid(f"{field}: {code}", [{"field": field, "code": code}])
    return found


async def _whose(conn: Conn, given: Given) -> tuple[UUID | None, UUID | None]:
    """Return person and provider: the visit's own, where one is named."""
    if given.visit is None:
        return given.elder, given.provider
    visit = await _visit(conn, given.visit)
    if given.elder not in (None, visit["elder_id"]):
        raise Invalid("visit: of another person", [{"field": "visit", "code": "invalid"}])
    return visit["elder_id"], given.provider or visit["provider_id"]


async def _visit(conn: Conn, visit: UUID) -> Row:
    row = await conn.fetchrow(SQL.find_visit, visit)
    if row is None:
        raise NotFound(f"no visit {visit}")
    return row


def _allow(verb: str, row: Row, outcome: str | None = None) -> None:
    if not complaining.may(verb, row["state"], outcome):
        raise _state(verb, row["state"])


def _state(verb: str, state: str) -> Conflict:
    return Conflict(f"cannot {verb} a complaint that is {state}", code="complaint_state", complaint=state)


async def _tell(
    conn: Conn,
    complaint: UUID,
    action: str,
    by: Person,
    now: datetime,
    *,
    detail: dict[str, object] | None = None,
    note: bytes | None = None,
) -> None:
    """Write the step: its line, the audit log, the event that pages live from."""
    account, kept = by.account_id, detail or {}
    values = (new_id(), by.district_id, complaint, now, account, action, kept, note)
    await conn.execute(SQL.add_entry, *values)
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=account,
        action=f"complaint.{action}",
        subject_kind="complaint",
        subject=complaint,
        detail=kept,
    )
    await _event(conn, by.district_id, complaint, HEARERS, now)


async def _event(conn: Conn, district: UUID, complaint: UUID, roles: tuple[str, ...], now: datetime) -> None:
    await events.write(conn, district=district, kind="complaint", subject=complaint, roles=roles, at=now)
