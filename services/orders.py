"""Orders: single visits that a family, a clerk or an operator asks for, from not started to called back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import grades
from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import service_items, visits
from dispatch.fields import one_of, wrong
from services import care_plans

SQL = load(__file__)
STATES = (*("not_started", "in_service", "completed", "reviewed", "cancelled", "to_reassign", "called_back"),)
FUNDINGS = ("subsidy", "private")
LONGEST = timedelta(hours=12)
AHEAD = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What is asked for."""

    elder_id: UUID
    service: str
    window_start: datetime
    window_end: datetime
    minutes: int | None = None
    funding: str = "private"
    provider_id: UUID | None = None
    note: str = ""


async def place(conn: Conn, new: NewOrder, by: Person, now: datetime) -> UUID:
    """Order a visit: it is wanted at once. Raises Invalid naming the field, Conflict for somebody dead."""
    item = service_items.get(new.service)
    _check(new, new.minutes or item.minutes, now)
    facts = await conn.fetchrow(SQL.find_facts, new.elder_id)
    if facts is None:
        raise NotFound(f"no elder {new.elder_id}")
    if facts["died_on"]:
        raise Conflict("the person has died", code="elder_died")
    day = local_date(new.window_start)
    grade = await grades.in_force(conn, new.elder_id, "gbt_42195", day)
    order = new_id()
    visit = await visits.want(
        conn,
        district=by.district_id,
        elder_id=new.elder_id,
        care_bed_id=facts["care_bed_id"],
        service=new.service,
        window_start=new.window_start,
        window_end=new.window_end,
        now=now,
        provider_id=new.provider_id or facts["provider_id"],
        minutes=new.minutes,
        funding=new.funding,
        staff=service_items.staff(new.service, grade["grade"] if grade else None),
        origin=f"order:{order}",
        by=by,
    )
    await conn.execute(
        SQL.create_order, order, by.district_id, new.elder_id, visit, by.account_id, now, new.note
    )
    await care_plans.lock(conn, by.district_id, new.elder_id, now)  # an absence may hold it
    return order


def _check(new: NewOrder, minutes: int, now: datetime) -> None:
    if new.service == "emergency":
        raise wrong("service", "unplannable", "an emergency is not ordered")
    one_of("funding", new.funding, FUNDINGS)
    length = new.window_end - new.window_start
    if length < timedelta(minutes=minutes):
        raise wrong("window_end", "too_short", f"shorter than {minutes} minutes")
    if length > LONGEST:
        raise wrong("window_end", "too_long", "a window has at most 12 hours")
    if not now < new.window_start < now + AHEAD:
        code = "past" if new.window_start <= now else "too_far"
        raise wrong("window_start", code, "from now to three months ahead")


async def find(conn: Conn, order: UUID) -> Row:
    """Return an order with its visit's state; raise NotFound."""
    row = await conn.fetchrow(SQL.find_order, order)
    if row is None:
        raise NotFound(f"no order {order}")
    return row


async def of_visit(conn: Conn, visit: UUID) -> UUID:
    """Return the order of a visit; raise NotFound for one that nobody ordered."""
    found: UUID | None = await conn.fetchval(SQL.find_order_of_visit, visit)
    if found is None:
        raise NotFound(f"visit {visit} was not ordered")
    return found


async def list_(
    conn: Conn,
    *,
    elder_id: UUID | None = None,
    state: str | None = None,
    provider_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return orders, newest first."""
    return await conn.fetch(SQL.list_orders, elder_id, state, provider_id, after, limit)


async def cancel(conn: Conn, order: UUID, by: Person, now: datetime, reason: str) -> Row:
    """Call an order off as long as its visit can be; raise Conflict when it has begun."""
    row = await find(conn, order)
    await visits.cancel(conn, row["visit_id"], by, now, reason)
    await conn.execute(SQL.cancel_order, order, now, by.account_id, reason)
    return await find(conn, order)


async def review(conn: Conn, order: UUID, by: Person, now: datetime, rating: int, words: str) -> Row:
    """Keep what the elder or the family thinks of it, once, after it was done."""
    if not 1 <= rating <= 5:  # noqa: PLR2004 - stars
        raise wrong("rating", "count", "1 to 5")
    row = await find(conn, order)
    if row["state"] not in {"completed", "called_back"} or row["reviewed_at"]:
        raise _refused(row)
    await conn.fetchval(SQL.review_order, order, rating, words, now, by.account_id)
    return await find(conn, order)


async def call_back(conn: Conn, order: UUID, by: Person, now: datetime, *, satisfied: bool, note: str) -> Row:
    """Keep what the elder said when the office called afterwards, once."""
    row = await find(conn, order)
    if row["state"] not in {"completed", "reviewed"}:
        raise _refused(row)
    said = {"satisfied": satisfied, "note": note}
    await conn.fetchval(SQL.call_back_order, order, said, now, by.account_id)
    return await find(conn, order)


def _refused(row: Row) -> Conflict:
    return Conflict(f"the order is {row['state']}", code="order_state", state=row["state"])
