"""Offers: who was asked to go to an emergency, until when they may answer, and what they said."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.ids import new_id
from core.sql import load
from dispatch import journal
from dispatch.matching import Asked

SQL = load(__file__)


async def make(conn: Conn, visit: Row, asked: Sequence[Asked], now: datetime, answer_by: datetime) -> None:
    """Ask some people; each of their phones is told."""
    for one in asked:
        values = (visit["id"], one.caregiver_id, one.ring, one.eta_min, one.distance_km, now, answer_by)
        await conn.execute(SQL.create_offer, new_id(), visit["district_id"], *values)


async def find(conn: Conn, visit_id: UUID, caregiver_id: UUID) -> Row | None:
    """Return what somebody was asked last about a visit, and who was faster; None: never asked."""
    return await conn.fetchrow(SQL.find_own, visit_id, caregiver_id)


async def answer(
    conn: Conn, visit_id: UUID, caregiver_id: UUID, state: str, now: datetime, reason: str | None = None
) -> bool:
    """Keep somebody's answer; False: the offer was not open any more."""
    return await conn.fetchval(SQL.answer_offer, visit_id, caregiver_id, state, now, reason) is not None


async def is_held(conn: Conn, caregiver_id: UUID, visit_id: UUID) -> bool:
    """Say whether somebody is asked for another emergency by now, or on one."""
    held: bool = await conn.fetchval(SQL.is_held, caregiver_id, visit_id)
    return held


async def make_answered(
    conn: Conn, visit: Row, caregiver_id: UUID, state: str, now: datetime, reason: str | None
) -> None:
    """Keep the answer of somebody who was offered it when offers were not written down one by one."""
    values = (visit["id"], caregiver_id, 1, None, None, visit["offered_at"], now)
    await conn.execute(SQL.create_offer, new_id(), visit["district_id"], *values)
    await answer(conn, visit["id"], caregiver_id, state, now, reason)


async def nearest(conn: Conn, visit_id: UUID) -> UUID | None:
    """Return who of those still asked is nearest; None: nobody is asked any more."""
    found: UUID | None = await conn.fetchval(SQL.first_open, visit_id)
    return found


async def close(conn: Conn, visit: Row, taken_by: UUID, now: datetime) -> None:
    """Tell the others who were asked that somebody was faster."""
    for row in await conn.fetch(SQL.close_others, visit["id"], taken_by, now):
        await _tell(conn, visit, row["caregiver_id"], "taken", now, {"by_caregiver": str(taken_by)})


async def withdraw(conn: Conn, visit: Row, now: datetime) -> None:
    """Ask nobody any more; who was asked is told."""
    for row in await conn.fetch(SQL.withdraw_offers, visit["id"], now):
        if row["caregiver_id"] != visit["caregiver_id"]:
            await _tell(conn, visit, row["caregiver_id"], "withdraw", now, {})


async def overdue(conn: Conn, now: datetime, most: int) -> list[UUID]:
    """Return the visits with an offer that nobody answered in time."""
    return [row["visit_id"] for row in await conn.fetch(SQL.list_overdue, now, most)]


async def time_out(conn: Conn, visit: Row, now: datetime) -> list[UUID]:
    """End the offers of a visit that were not answered in time; return whose they were."""
    silent = [row["caregiver_id"] for row in await conn.fetch(SQL.time_out, visit["id"], now)]
    for one in silent:
        await _tell(conn, visit, one, "unanswered", now, {"caregiver_id": str(one)})
    return silent


async def list_(conn: Conn, visit_id: UUID) -> list[Row]:
    """Return everybody who was asked about a visit, in order, with what they said."""
    return await conn.fetch(SQL.list_of_visit, visit_id)


async def agree(
    conn: Conn,
    *,
    district: UUID,
    provider: UUID,
    neighbour: UUID,
    valid_from: date,
    valid_to: date | None = None,
    by: Person | None = None,
) -> None:
    """Let a neighbouring provider's people go to the emergencies of a provider's elders."""
    account = by.account_id if by else None
    await conn.execute(SQL.agree_on, district, provider, neighbour, valid_from, valid_to, account)


async def neighbours(conn: Conn, provider: UUID, on: date) -> frozenset[UUID]:
    """Return the providers that help another out on a day."""
    return frozenset(row["neighbour_id"] for row in await conn.fetch(SQL.list_neighbours, provider, on))


async def _tell(
    conn: Conn, visit: Row, caregiver_id: UUID, action: str, now: datetime, data: dict[str, Any]
) -> None:
    """Write a line whose event reaches this caregiver's phone."""
    await journal.visit(conn, {**visit, "caregiver_id": caregiver_id}, action, now, data=data)
