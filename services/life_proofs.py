"""Proofs of life: recorded face to face, by telephone, or from what the home's own devices noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import audit, districts, people
from core.accounts import Person
from core.clock import ZONE, local_date
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services import life_proofing, schemes
from services.life_proofing import METHODS, Due, Evidence

SQL = load(__file__)
SEEN = ("in_progress", "completed", "verified")
"""States of a visit in which somebody has met the person."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A person whose proof is due or missed: by when, under which schemes, and the last one there is."""

    elder: UUID
    name: str
    schemes: tuple[str, ...]
    last_on: date | None
    due: Due


async def record(
    conn: Conn,
    elder: UUID,
    method: str,
    by: Person,
    now: datetime,
    *,
    proven_on: date | None = None,
    visit: UUID | None = None,
    zone: ZoneInfo = ZONE,
) -> UUID:
    """Record that a person lives; return the proof's id (the same proof twice is one).

    `face` may name the visit in which it was seen; `device` looks for a fresh sign of life itself and takes
    its day. Raises NotFound, Invalid, Conflict `elder_died`, `no_evidence`.
    """
    one_of("method", method, METHODS)
    person = await people.find_elder(conn, elder)
    if person["died_on"] is not None:
        raise Conflict("the person has died", code="elder_died")
    settings = await districts.settings(conn, person["district_id"])
    day, rests_on = proven_on or local_date(now, zone), dict[str, Any]()
    if method == "device":
        sign = await noticed(conn, person["district_id"], elder, now)
        if sign is None:
            words = f"no device has noticed the person in {settings.life_proof_device_days} days"
            raise Conflict(words, code="no_evidence", days=settings.life_proof_device_days)
        day, rests_on = local_date(sign.at, zone), _said(sign)
    elif visit is not None:
        day, rests_on = await _met(conn, elder, visit, zone), {"visit_id": str(visit)}
    _check_day(day, local_date(now, zone), person["born_on"])
    until = life_proofing.valid_to(day, settings.life_proof_months)
    values = (new_id(), person["district_id"], elder, day, until, method, by.account_id, rests_on, now)
    identity: UUID = await conn.fetchval(SQL.record_proof, *values)
    await _note(conn, by, now, elder, {"method": method, "proof": str(identity)})
    return identity


async def noticed(conn: Conn, district: UUID, elder: UUID, now: datetime) -> Evidence | None:
    """Return the newest sign of life that the home's devices gave lately, or None."""
    settings = await districts.settings(conn, district)
    since = now - timedelta(days=settings.life_proof_device_days)
    states = await conn.fetch(SQL.list_states, elder)
    alone = bool(states) and states[0]["lives_alone"]
    return life_proofing.evidence(states, since, now, lives_alone=alone)


async def of_elder(conn: Conn, elder: UUID) -> list[Row]:
    """Return a person's proofs with who recorded them, newest first."""
    return await conn.fetch(SQL.list_of_elder, elder)


async def spans(conn: Conn, elders: Sequence[UUID]) -> dict[UUID, list[tuple[date, date]]]:
    """Return {elder: [(proven on, valid to)]}, oldest first."""
    found: dict[UUID, list[tuple[date, date]]] = {elder: [] for elder in elders}
    for row in await conn.fetch(SQL.list_spans, list(elders)):
        found[row["elder_id"]].append((row["proven_on"], row["valid_to"]))
    return found


async def due_list(
    conn: Conn, district: UUID, today: date, *, elder: UUID | None = None, limit: int = 200
) -> list[Owed]:
    """Return who owes a proof under a scheme that asks for one, who has missed it first."""
    settings = await districts.settings(conn, district)
    asking = [row["code"] for row in await schemes.list_(conn) if schemes.read(row["body"]).needs_life_proof]
    if not asking:
        return []
    latest = today + timedelta(days=settings.life_proof_warning_days + 3)
    months = settings.life_proof_months
    rows = await conn.fetch(SQL.list_owed, asking, today, months, latest, elder, limit)
    owed = []
    for row in rows:
        proofs = [(row["last_on"], row["last_to"])] if row["last_on"] else []
        until = life_proofing.reach(row["enrolled_from"], proofs, months)
        due = life_proofing.standing(until, today, settings.life_proof_warning_days)
        if due.state != "held":
            owed.append(Owed(row["elder_id"], row["name"], tuple(row["schemes"]), row["last_on"], due))
    return owed


async def find(conn: Conn, proof: UUID) -> Row:
    """Return one proof; raise NotFound."""
    row = await conn.fetchrow(SQL.find_proof, proof)
    if row is None:
        raise NotFound(f"no proof of life {proof}")
    return row


async def _note(conn: Conn, by: Person, now: datetime, elder: UUID, detail: dict[str, object]) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action="life_proof.record",
        subject_kind="elder",
        subject=elder,
        detail=detail,
    )


def _check_day(day: date, today: date, born_on: date) -> None:
    if day > today:
        raise wrong("proven_on", "future", "lies in the future")
    if day < born_on:
        raise wrong("proven_on", "past", "lies before the birth")


def _said(sign: Evidence) -> dict[str, Any]:
    return {
        "device_id": str(sign.device_id),
        "thing_model": sign.thing_model,
        "metric": sign.metric,
        "at": sign.at.isoformat(),
    }


async def _met(conn: Conn, elder: UUID, visit: UUID, zone: ZoneInfo) -> date:
    row = await conn.fetchrow(SQL.find_visit, visit, elder)
    if row is None or row["state"] not in SEEN:
        raise Invalid(
            "visit_id: no visit at which the person was met", [{"field": "visit_id", "code": "unknown"}]
        )
    return local_date(row["started_at"] or row["window_start"], zone)
