"""A death, once: reported, confirmed with all that follows from it, undone by a second person.

What follows stands in `effects` as ids, so that an undoing can restore it. Allowances and entitlements need
nothing here: they are judged from the day of the death and from the enrolments that end with it.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core import absences, audit, districts, events, people
from core.accounts import Person
from core.clock import ZONE, local_date
from core.db import Conn, Pool, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from devices import releasing
from dispatch import cases, withdrawing
from dispatch.places import meals
from services import care_plans, enrolments

SQL = load(__file__)
SOURCES = ("clerk", "family", "hospital", "register")
REASON = "died"
TOLD = ("family", *events.OPERATORS, "clerk", "provider_manager")


async def report(
    conn: Conn,
    elder: UUID,
    died_on: date,
    *,
    source: str,
    by: UUID | None,
    now: datetime,
    source_id: UUID | None = None,
) -> UUID:
    """Say that somebody is said to have died; a clerk confirms it. Return the event's id.

    Raises NotFound; Invalid on a day of the future or an unknown source; Conflict `death_recorded` when one
    is confirmed already. A second report of the same person changes nothing.
    """
    _check(died_on, source, now)
    row = await _elder(conn, elder)
    known = await conn.fetchrow(SQL.find_live, elder)
    if known is not None and known["state"] == "confirmed":
        raise Conflict(f"the death is recorded for {known['died_on']}", code="death_recorded")
    if known is not None:
        found: UUID = known["id"]
        return found
    identity = new_id()
    values = (identity, row["district_id"], elder, died_on, source, source_id, by, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.report_death, *values)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("somebody else is just reporting it", code="death_reported") from error
    await _note(conn, row["district_id"], by, now, "report_death", elder, {"source": source})
    return identity


async def record(conn: Conn, elder: UUID, died_on: date, by: Person, now: datetime) -> UUID:
    """Report and confirm in one, as a clerk does who has seen the certificate; return the event's id.

    The same day again changes nothing; raises Conflict `death_recorded` when another day is confirmed.
    """
    _check(died_on, "clerk", now)
    await _elder(conn, elder)
    known = await conn.fetchrow(SQL.find_live, elder)
    if known is not None and known["state"] == "confirmed" and known["died_on"] == died_on:
        same: UUID = known["id"]
        return same
    death = await report(conn, elder, died_on, source="clerk", by=by.account_id, now=now)
    await conn.execute(SQL.set_day, death, died_on)
    await confirm(conn, death, by, now)
    return death


async def confirm(conn: Conn, death: UUID, by: Person, now: datetime, zone: ZoneInfo = ZONE) -> Row:
    """Say that it is so: everything planned stops, the family is told. Raises NotFound, Conflict."""
    row = await _lock(conn, death, "reported")
    elder, district, today = row["elder_id"], row["district_id"], local_date(now, zone)
    await absences.record_death(conn, elder, row["died_on"])
    effects: dict[str, Any] = {"cases": await _close_cases(conn, elder, by, now)}
    effects["visits"] = await _withdraw(conn, elder, now)
    effects["meals"] = await _cancel_meals(conn, elder, today, now)
    effects["care_plans"] = await care_plans.stop(conn, elder, row["died_on"], REASON)
    beds = await conn.fetch(SQL.list_open_beds, elder)
    effects["beds"] = [dict(await releasing.release(conn, bed["id"], today, now)) for bed in beds]
    effects["enrolments"] = await _end_enrolments(conn, elder, row, by, now)
    until = today + timedelta(days=(await districts.settings(conn, district)).family_history_days)
    await conn.execute(SQL.confirm_death, death, by.account_id, now, effects, until)
    await _note(conn, district, by.account_id, now, "record_death", elder, {"death": str(death)})
    await _tell(conn, "death.confirmed", row, now)
    return await find(conn, death)


async def dismiss(conn: Conn, death: UUID, by: Person, now: datetime, reason: str) -> Row:
    """Say that a report was wrong, before it was confirmed."""
    row = await _lock(conn, death, "reported")
    await conn.execute(SQL.dismiss_death, death, by.account_id, now, reason)
    await _note(
        conn, row["district_id"], by.account_id, now, "dismiss_death", row["elder_id"], {"death": str(death)}
    )
    return await find(conn, death)


async def undo(conn: Conn, death: UUID, by: Person, now: datetime, reason: str = "register_wrong") -> Row:
    """Take a confirmed death back, as a second person: what can be restored is restored.

    Raises Conflict `same_person` for who confirmed it. What is not restored stands in `effects`: `lost` are
    devices that are elsewhere by now, `again` visits that somebody must order again; a care plan wants its
    own again by itself.
    """
    row = await _lock(conn, death, "confirmed")
    if row["decided_by"] == by.account_id:
        raise Conflict("a second person undoes a death", code="same_person")
    elder, effects = row["elder_id"], dict(row["effects"])
    await absences.undo_death(conn, elder, row["died_on"])
    await care_plans.resume(conn, effects["care_plans"])
    for enrolment in effects["enrolments"]:
        await enrolments.restore(
            conn, UUID(enrolment), reason="register_wrong", by=by.account_id, now=now, source=death
        )
    lost = [
        gone for bed in effects["beds"] for gone in await releasing.take_back(conn, bed, by.account_id, now)
    ]
    if row["family_ended_at"]:
        await people.renew_bonds(conn, elder, row["family_ended_at"])
    visits = [UUID(one) for one in effects["visits"]]
    again = await conn.fetch(SQL.list_to_order_again, visits, now)
    effects |= {"lost": [str(one) for one in lost], "again": [str(one["id"]) for one in again]}
    await conn.execute(SQL.undo_death, death, by.account_id, now, reason, effects)
    await _note(conn, row["district_id"], by.account_id, now, "undo_death", elder, {"death": str(death)})
    await _tell(conn, "death.undone", row, now)
    return await find(conn, death)


async def find(conn: Conn, death: UUID) -> Row:
    """Return an event with the names of the person and of who decided; raise NotFound."""
    row = await conn.fetchrow(SQL.find_death, death)
    if row is None:
        raise NotFound(f"no death {death}")
    return row


async def of_elder(conn: Conn, elder: UUID) -> list[Row]:
    """Return what was said of a person's death, newest first."""
    return await conn.fetch(SQL.list_of_elder, elder)


async def list_(
    conn: Conn, state: str | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return events, newest first."""
    return await conn.fetch(SQL.list_deaths, state, after, limit)


async def to_order_again(conn: Conn, death: UUID) -> list[Row]:
    """Return the called-off visits of an undone death that somebody must order again {id, service, …}."""
    row = await find(conn, death)
    visits = [UUID(one) for one in row["effects"].get("again", [])]
    return await conn.fetch(SQL.list_visits, visits)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """End the families' view of histories whose time is over; return of how many persons."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        async with pool.transaction(district) as conn:
            for row in await conn.fetch(SQL.take_over, local_date(now, zone)):
                await people.end_bonds(conn, row["elder_id"], now)
                await conn.execute(SQL.family_ended, row["id"], now)
                count += 1
    return count


def _check(died_on: date, source: str, now: datetime) -> None:
    if source not in SOURCES:
        words = f"source: one of {', '.join(SOURCES)}"
        raise Invalid(words, [{"field": "source", "code": "unknown", "message": words}])
    if died_on > local_date(now):
        raise Invalid("died_on lies in the future", [{"field": "died_on", "code": "future"}])


async def _elder(conn: Conn, elder: UUID) -> Row:
    row = await conn.fetchrow(SQL.lock_elder, elder)
    if row is None:
        raise NotFound(f"no elder {elder}")
    return row


async def _lock(conn: Conn, death: UUID, state: str) -> Row:
    row = await conn.fetchrow(SQL.lock_death, death)
    if row is None:
        raise NotFound(f"no death {death}")
    if row["state"] != state:
        raise Conflict(f"the death is {row['state']}", code="death_state", state=row["state"])
    return row


async def _close_cases(conn: Conn, elder: UUID, by: Person, now: datetime) -> list[str]:
    """Close what is open for the person; who is on the way to it is called off."""
    rows = await conn.fetch(SQL.list_open_cases, elder)
    for row in rows:
        await cases.close(conn, row["id"], by, now, cases.DIED)
    return [str(row["id"]) for row in rows]


async def _withdraw(conn: Conn, elder: UUID, now: datetime) -> list[str]:
    """Take back every planned visit that has not begun; one that is under way is ended by who makes it."""
    rows = await conn.fetch(SQL.list_ahead, elder)
    return [str(row["id"]) for row in rows if await withdrawing.withdraw(conn, row["id"], REASON, now)]


async def _cancel_meals(conn: Conn, elder: UUID, today: date, now: datetime) -> list[str]:
    """Call off the portions that are not on their way yet."""
    rows = await conn.fetch(SQL.list_meals, elder, today)
    for row in rows:
        await meals.cancel(conn, row["id"], now)
    return [str(row["id"]) for row in rows]


async def _end_enrolments(conn: Conn, elder: UUID, death: Row, by: Person, now: datetime) -> list[str]:
    """End every enrolment after the day of the death (one that would begin later: after its first day)."""
    rows = await conn.fetch(SQL.list_enrolments, elder, death["died_on"])
    for row in rows:
        on = max(death["died_on"], row["valid_from"]) + timedelta(days=1)
        whose = {"by": by.account_id, "now": now, "source": death["id"]}
        await enrolments.end(conn, row["id"], on=on, reason="deceased", **whose)
    return [str(row["id"]) for row in rows]


async def _tell(conn: Conn, kind: str, row: Row, now: datetime) -> None:
    await events.write(
        conn,
        district=row["district_id"],
        kind=kind,
        subject=row["id"],
        roles=TOLD,
        at=now,
        elder=row["elder_id"],
    )


async def _note(
    conn: Conn,
    district: UUID,
    by: UUID | None,
    now: datetime,
    action: str,
    elder: UUID,
    detail: dict[str, object],
) -> None:
    await audit.record(
        conn,
        district=district,
        at=now,
        account=by,
        action=action,
        subject_kind="elder",
        subject=elder,
        detail=detail,
    )
