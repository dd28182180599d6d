"""Emergency assignment: the nearest who may go is sent now, with the reason kept, or why nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.accounts import Person
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from dispatch import candidates, cases, journal, policy, service_items
from dispatch.matching import Match, match
from dispatch.service_items import ServiceItem
from dispatch.states import CASE, VISIT, after

SQL = load(__file__)


@dataclass(frozen=True)
class Assignment:
    """Who was sent, on which visit, and why this one."""

    visit_id: UUID
    caregiver_id: UUID
    why: dict[str, Any]


async def send(
    conn: Conn, case_id: UUID, by: Person, now: datetime, service: str = "emergency"
) -> Assignment:
    """Offer the case to the nearest who may go; raise Conflict naming who is sent already.

    Conflict `nobody` has the `why`, which the caller keeps in the timeline once the attempt is rolled back.
    """
    item = service_items.get(service)
    case = await cases.lock(conn, case_id)
    await _refuse_second(conn, case)
    after(CASE, "case", "dispatch", case["state"])
    settings = await districts.settings(conn, case["district_id"])
    found, providers = await _match(conn, case, item, settings, now)
    if found.chosen is None:
        raise Conflict("nobody can be sent", code="nobody", why=found.why)
    visit_id = await _offer(conn, case, item, found, providers[found.chosen], by, now)
    data = {"visit_id": str(visit_id), **_chosen(found)}
    wait = timedelta(seconds=settings.offer_seconds)
    await cases.move(conn, case, "dispatch", now, by=by, escalate_at=now + wait, data=data)
    await _preempt(conn, found, visit_id, by, now)
    return Assignment(visit_id, found.chosen, found.why)


async def offer_next(conn: Conn, visit: Row, by: Person, now: datetime) -> UUID | None:
    """Offer a visit that was just declined (case locked, still `offered`) to the next nearest, if any."""
    case = await cases.lock(conn, visit["case_id"])
    settings = await districts.settings(conn, case["district_id"])
    item = service_items.get(visit["service"])
    found, providers = await _match(conn, case, item, settings, now)
    if found.chosen is None:
        await _wait_for_somebody(conn, case, visit, found, now)
        return None
    to = after(VISIT, "visit", "pass_on", visit["state"])
    values = (visit["id"], visit["state"], providers[found.chosen], found.chosen, found.why, now)
    await conn.fetchval(SQL.offer_again, *values)
    offered = {**visit, "caregiver_id": found.chosen}
    await journal.visit(conn, offered, "offer", now, to=to, data={"caregiver_id": str(found.chosen)})
    data = {"visit_id": str(visit["id"]), "declined_by": str(visit["caregiver_id"]), **_chosen(found)}
    wait = timedelta(seconds=settings.offer_seconds)
    await cases.watch(conn, case, now + wait)
    await journal.case(conn, case, "pass_on", now, by=by, data=data)
    await _preempt(conn, found, visit["id"], by, now)
    return found.chosen


async def _refuse_second(conn: Conn, case: Row) -> None:
    sent = await conn.fetchrow(SQL.find_sent, case["id"])
    if sent is not None:
        raise Conflict(
            f"{sent['name']} has been sent to this case",
            code="already_dispatched",
            by=sent["name"],
            caregiver_id=str(sent["caregiver_id"]),
            visit_id=str(sent["id"]),
            at=sent["offered_at"].isoformat(),
        )


async def _match(
    conn: Conn, case: Row, item: ServiceItem, settings: DistrictSettings, now: datetime
) -> tuple[Match, dict[UUID, UUID]]:
    need = await candidates.need(conn, case, item, settings, now)
    await conn.execute(SQL.lock_assignment, str(case["district_id"]))
    found, providers = await candidates.find(conn, case, item.skill, now)
    return match(need, found), providers


async def _offer(
    conn: Conn, case: Row, item: ServiceItem, found: Match, provider: UUID, by: Person, now: datetime
) -> UUID:
    """Offer the case's waiting visit of this service, or a new one."""
    waiting: UUID | None = await conn.fetchval(SQL.find_waiting, case["id"], item.code)
    visit_id = waiting or new_id()
    if waiting:
        await conn.fetchval(SQL.offer_again, waiting, "wanted", provider, found.chosen, found.why, now)
    else:
        until = now + timedelta(minutes=found.why["request"]["reach_min"])
        whose = (case["district_id"], case["elder_id"], case["care_bed_id"], case["id"])
        what = (item.code, candidates.EMERGENCY_PRIORITY, now, until, item.minutes)
        await conn.execute(SQL.create_offer, visit_id, *whose, *what, provider, found.chosen, found.why)
    row = await _row(conn, visit_id)
    data = {"caregiver_id": str(found.chosen), "why": found.why["chosen"]}
    await journal.visit(conn, {**row, "state": "wanted"}, "offer", now, by=by, to="offered", data=data)
    return visit_id


async def _wait_for_somebody(conn: Conn, case: Row, visit: Row, found: Match, now: datetime) -> None:
    """Nobody is left: the case goes back to the operators, and the duty manager is told at once."""
    after(VISIT, "visit", "decline", visit["state"])
    await conn.fetchval(SQL.offer_nobody, visit["id"], found.why)
    await cases.move(conn, case, "recall", now, by=None, escalate_at=now + policy.IDLE)
    roles = policy.AUDIENCES["duty_managers"]
    data = {"reason": "nobody", "visit_id": str(visit["id"]), "why": found.why}
    await journal.case(conn, {**case, "state": "verified"}, "escalate", now, data=data, roles=roles)


async def _preempt(conn: Conn, found: Match, visit_id: UUID, by: Person, now: datetime) -> None:
    """Say on the routine visit that it is left for an emergency (repairing the day is the planner's work)."""
    if found.preempts is not None:
        row = await _row(conn, found.preempts)
        await journal.visit(conn, row, "preempted", now, by=by, data={"by_visit": str(visit_id)})


async def _row(conn: Conn, visit_id: UUID) -> Row:
    row = await conn.fetchrow(SQL.find_visit_row, visit_id)
    assert row is not None  # noqa: S101 - it was found or made in this transaction
    return row


def _chosen(found: Match) -> dict[str, Any]:
    chosen = found.why["chosen"]
    return {name: chosen[name] for name in ("caregiver_id", "name", "eta_min", "distance_km")}
