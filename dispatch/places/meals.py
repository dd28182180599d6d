"""Meals: cooked at a place, ordered for people, eaten there with a code or carried to their door."""

from datetime import date, datetime
from uuid import UUID

import asyncpg

from core import districts, people
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from dispatch.places import cards, places

SQL = load(__file__)
KINDS = ("breakfast", "lunch", "dinner")
MODES = ("eat_in", "deliver")
_MOST = 10_000


async def create(
    conn: Conn,
    *,
    district: UUID,
    place: UUID,
    on: date,
    kind: str,
    portions: int,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    menu: str = "",
    by: Person | None = None,
) -> UUID:
    """Plan a meal at a place; raise Conflict when the place has it already."""
    one_of("kind", kind, KINDS)
    where = await places.find(conn, place)
    if not where["has_kitchen"] and where["kind"] != "meal_point":
        raise wrong("place_id", "no_kitchen", "nothing is cooked there")
    if not 0 < portions <= _MOST:
        raise wrong("portions", "count", f"1 to {_MOST}")
    if ends_at <= starts_at:
        raise wrong("ends_at", "before_start", "ends before it begins")
    identity, account = new_id(), by.account_id if by else None
    values = (identity, district, place, on, kind, menu, portions, starts_at, ends_at, account, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.create_meal, *values)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this meal is planned at this place already", code="meal_exists") from error
    return identity


async def find(conn: Conn, meal: UUID) -> Row:
    """Return a meal with its place and counts; raise NotFound."""
    row = await conn.fetchrow(SQL.find_meal, meal)
    if row is None:
        raise NotFound(f"no meal {meal}")
    return row


async def list_(
    conn: Conn,
    *,
    on: date | None = None,
    place_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return meals with their counts, the newest first."""
    return await conn.fetch(SQL.list_meals, on, place_id, after, limit)


async def servings(conn: Conn, meal: UUID) -> list[Row]:
    """Return who gets the meal, how, and whether they had it."""
    return await conn.fetch(SQL.list_servings, meal)


async def cooked(conn: Conn, meal: UUID, at: datetime) -> Row:
    """Say when the meal left the stove; its time to the last door counts from there."""
    if await conn.fetchval(SQL.cook, meal, at) is None:
        raise NotFound(f"no meal {meal}")
    return await find(conn, meal)


async def order(
    conn: Conn,
    meal: UUID,
    elder: UUID,
    mode: str,
    now: datetime,
    by: Person | None = None,
    funding: str = "subsidy",
) -> UUID:
    """Order a portion for somebody; raise Conflict when the person has this meal, or no portion is left."""
    one_of("mode", mode, MODES)
    one_of("funding", funding, ("subsidy", "private", "none"))
    row = await conn.fetchrow(SQL.lock_meal, meal)
    if row is None:
        raise NotFound(f"no meal {meal}")
    await people.find_elder(conn, elder)
    if row["ordered"] >= row["portions"]:
        raise Conflict("no portion is left", code="meal_sold_out", portions=row["portions"])
    identity, account = new_id(), by.account_id if by else None
    values = (identity, row["district_id"], meal, elder, row["on"], row["kind"], mode, funding, now, account)
    try:
        async with conn.transaction():
            await conn.execute(SQL.order, *values)
    except asyncpg.UniqueViolationError as error:
        raise await _has_it(conn, elder, row) from error
    return identity


async def _has_it(conn: Conn, elder: UUID, meal: Row) -> Conflict:
    other = await conn.fetchrow(SQL.find_same, elder, meal["on"], meal["kind"])
    where = other["place_name"] if other else ""
    at = other["served_at"].isoformat() if other and other["served_at"] else None
    code = "meal_twice" if at else "meal_ordered"
    return Conflict(f"the person has this meal already at {where}", code=code, place=where, at=at)


async def cancel(conn: Conn, serving: UUID, now: datetime) -> None:
    """Call a portion off; raise NotFound, or Conflict when it was eaten or is on its way."""
    if await conn.fetchval(SQL.cancel, serving, now) is None:
        row = await find_serving(conn, serving)
        if row["cancelled_at"]:
            return
        code = "meal_twice" if row["served_at"] else "meal_on_its_way"
        raise Conflict("the portion cannot be called off any more", code=code)


async def find_serving(conn: Conn, serving: UUID) -> Row:
    """Return one portion; raise NotFound."""
    row = await conn.fetchrow(SQL.find_serving, serving)
    if row is None:
        raise NotFound(f"no serving {serving}")
    return row


async def attend(conn: Conn, keys: Keys, meal: UUID, code: str, by: Person, now: datetime) -> Row:
    """Record who eats here, by the code that is shown; once a meal and person.

    Who had ordered nothing is served when a portion is left; whose portion was to be delivered eats here.
    Raises Conflict when the person has had this meal (`meal_twice`, with when and where).
    """
    elder = await cards.who(conn, keys, by.district_id, code)
    if elder is None:
        raise wrong("code", "nobody", "nobody has this code")
    return await serve(conn, meal, elder, "code", by, now)


async def serve(conn: Conn, meal: UUID, elder: UUID, how: str, by: Person, now: datetime) -> Row:
    """Record that somebody had the meal here; `how` is code or staff."""
    row = await conn.fetchrow(SQL.lock_meal, meal)
    if row is None:
        raise NotFound(f"no meal {meal}")
    settings = await districts.settings(conn, row["district_id"])
    grace = settings.grace_minutes * 60
    early, late = (row["starts_at"] - now).total_seconds(), (now - row["ends_at"]).total_seconds()
    if max(early, late) > grace:
        raise Conflict("the meal is not served now", code="meal_not_now")
    mine = await conn.fetchrow(SQL.find_mine, meal, elder)
    if mine is None:
        serving = await order(conn, meal, elder, "eat_in", now, by)
    elif mine["served_at"] or mine["visit_id"]:
        at = mine["served_at"].isoformat() if mine["served_at"] else None
        code = "meal_twice" if at else "meal_on_its_way"
        raise Conflict("the person has had this meal", code=code, place=row["place_name"], at=at)
    else:
        serving = mine["id"]
    await conn.execute(SQL.serve, serving, now, how, by.account_id)
    return await find_serving(conn, serving)


async def check_known(conn: Conn, elder: UUID, provider: UUID | None) -> None:
    """Raise NotFound for an elder whom a provider neither visits, looks after nor has fed (None: anybody)."""
    if provider is not None and not await conn.fetchval(SQL.is_known, elder, provider):
        raise NotFound(f"no elder {elder}")
