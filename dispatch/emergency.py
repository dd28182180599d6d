"""Emergency assignment: who is there first for the least harm is asked, with the reason kept, or why nobody.

Asking moves nobody else's visits; accepting does (`online.carry`). Everything is decided and written in one
transaction that holds the district's lock: killed before its commit, nothing has happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import districts, log
from core.accounts import Person
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import candidates, cases, journal, matching, offers, policy, service_items
from dispatch.candidates import Scene
from dispatch.matching import Match, match
from dispatch.online import feed
from dispatch.online.carry import StaleError, carry
from dispatch.service_items import ServiceItem
from dispatch.states import CASE, VISIT, after

SQL = load(__file__)
RETRY = timedelta(seconds=30)
"""How often an emergency that nobody could take is tried again."""
ATTEMPTS = 3


@dataclass(frozen=True)
class Assignment:
    """Who was sent, on which visit, and why this one."""

    visit_id: UUID
    caregiver_id: UUID
    why: dict[str, Any]


async def send(
    conn: Conn, case_id: UUID, by: Person | None, now: datetime, service: str = "emergency"
) -> Assignment:
    """Offer the case to who is there first of those who may go; raise Conflict naming who is sent already.

    Conflict `nobody` has the `why`, which the caller keeps in the timeline once the attempt is rolled back.
    """
    item = service_items.get(service)
    case = await cases.lock(conn, case_id)
    waiting = await _waiting(conn, case, item)
    after(CASE, "case", "dispatch", case["state"])
    settings = await districts.settings(conn, case["district_id"])
    found, scene = await _match(conn, case, item, settings, now)
    if found.chosen is None:
        raise Conflict("nobody can be sent", code="nobody", why=found.why)
    wait = timedelta(seconds=settings.offer_seconds)
    visit_id = await _offer(conn, case, item, found, scene, by, now, wait, waiting)
    data = {"visit_id": str(visit_id), **_chosen(found)}
    await cases.move(conn, case, "dispatch", now, by=by, escalate_at=now + wait, data=data)
    return Assignment(visit_id, found.chosen, found.why)


async def accept(conn: Conn, row: Row, by: Person, now: datetime) -> None:
    """Promise to come to an emergency (case and visit locked): the first has it, and leaves what they do."""
    case = await cases.lock(conn, row["case_id"])
    await _alone(conn, row["district_id"], by)
    me = await _asked(conn, row, by)
    case, row = await _late_yes(conn, case, row, me, now)
    to = after(VISIT, "visit", "accept", row["state"])
    await offers.answer(conn, row["id"], me, "accepted", now)
    await offers.close(conn, row, me, now)
    await _leave(conn, case, row, me, by, now)
    if await conn.fetchval(SQL.accept, row["id"], me, now) is None:
        raise Conflict("the visit is no longer offered", code="wrong_state", state="accepted", verb="accept")
    await journal.visit(conn, {**row, "caregiver_id": me}, "accept", now, by=by, to=to)
    if case["state"] == "dispatched":
        await cases.watch(conn, case, max(now, row["wanted_at"] + policy.ARRIVAL))


async def decline(
    conn: Conn, row: Row, by: Person, now: datetime, reason: str | None = None, code: str | None = None
) -> UUID | None:
    """Say no to an emergency (locked); return who is asked next, or still (None: nobody)."""
    me = await _asked(conn, row, by)
    after(VISIT, "visit", "decline", row["state"])
    if not await offers.answer(conn, row["id"], me, "declined", now, reason or code):
        await offers.make_answered(conn, row, me, "declined", now, reason or code)
    data = {"caregiver_id": str(me), "reason": reason, "code": code}
    await journal.visit(conn, {**row, "caregiver_id": me}, "decline", now, by=by, to="wanted", data=data)
    return await pass_on(conn, row, by, now, {"declined_by": str(me)})


async def pass_on(
    conn: Conn, visit: Row, by: Person | None, now: datetime, cause: dict[str, Any]
) -> UUID | None:
    """Ask the next, unless somebody is still asked; return who is asked (None: nobody is left)."""
    still = await offers.nearest(conn, visit["id"])
    if still is not None:
        await conn.fetchval(SQL.name_asked, visit["id"], still)
        return still
    case = await cases.lock(conn, visit["case_id"])
    settings = await districts.settings(conn, case["district_id"])
    found, scene = await _match(conn, case, service_items.get(visit["service"]), settings, now, visit)
    if found.chosen is None:
        await _wait_for_somebody(conn, case, visit, found, now)
        return None
    to = after(VISIT, "visit", "pass_on", visit["state"])
    wait = timedelta(seconds=settings.offer_seconds)
    values = (visit["id"], visit["state"], scene.provider_of(found.chosen), found.chosen, found.why, now)
    await conn.fetchval(SQL.offer_again, *values)
    await _ask(conn, visit, found, scene, now, wait)
    offered = {**visit, "caregiver_id": found.chosen}
    await journal.visit(conn, offered, "offer", now, to=to, data={"caregiver_id": str(found.chosen)})
    data = {"visit_id": str(visit["id"]), **cause, **_chosen(found)}
    await cases.watch(conn, case, now + wait)
    await journal.case(conn, case, "pass_on", now, by=by, data=data)
    return found.chosen


async def try_again(conn: Conn, visit: Row, now: datetime) -> UUID | None:
    """Ask somebody for an emergency that nobody could take (locked, waiting); None: still nobody."""
    case = await cases.lock(conn, visit["case_id"])
    if case["state"] not in CASE["dispatch"].sources:
        await conn.execute(SQL.try_later, visit["id"], None)
        return None
    settings = await districts.settings(conn, case["district_id"])
    item = service_items.get(visit["service"])
    found, scene = await _match(conn, case, item, settings, now, visit)
    if found.chosen is None:
        await conn.execute(SQL.try_later, visit["id"], now + RETRY)
        return None
    wait = timedelta(seconds=settings.offer_seconds)
    await _offer(conn, case, item, found, scene, None, now, wait, visit["id"])
    data = {"visit_id": str(visit["id"]), **_chosen(found)}
    await cases.move(conn, case, "dispatch", now, by=None, escalate_at=now + wait, data=data)
    return found.chosen


async def _alone(conn: Conn, district: UUID, by: Person) -> None:
    """Be the only one who assigns in the district, and who changes this caregiver's day (a plan, a roster).

    What was asked of them before is looked at only then. Raise Conflict when they have left.
    """
    whose = await conn.fetchrow(SQL.lock_caregiver, by.caregiver_id)
    if whose is not None and whose["ended_at"] is not None:
        raise Conflict("whoever has left takes no visit", code="caregiver_ended")
    await conn.execute(SQL.lock_assignment, str(district))


async def _late_yes(conn: Conn, case: Row, row: Row, me: UUID, now: datetime) -> tuple[Row, Row]:
    """Offer a visit that waits for somebody to who was silent when asked, and says yes after all."""
    found = await offers.find(conn, row["id"], me) if row["state"] == "wanted" else None
    if found is None or found["state"] != "timed_out":
        return case, row
    data = {"visit_id": str(row["id"]), "caregiver_id": str(me)}
    await cases.move(conn, case, "dispatch", now, by=None, escalate_at=now + policy.ARRIVAL, data=data)
    name = await conn.fetchval(SQL.offer_late, row["id"], me, now)
    why = {"chosen": {"caregiver_id": str(me), "name": name, "code": "late_yes"}, "considered": []}
    await conn.execute(SQL.explain, row["id"], why)
    offered = {**row, "caregiver_id": me}
    await journal.visit(conn, offered, "offer", now, to="offered", data={"caregiver_id": str(me)})
    return {**case, "state": "dispatched"}, {**offered, "state": "offered"}


async def _asked(conn: Conn, row: Row, by: Person) -> UUID:
    """Return who answers; raise NotFound when they were never asked, Conflict when somebody was faster."""
    if by.caregiver_id is None:
        raise NotFound(f"no visit {row['id']}")
    found = await offers.find(conn, row["id"], by.caregiver_id)
    is_gone = found is None or found["state"] == "declined"
    if is_gone and row["caregiver_id"] != by.caregiver_id:
        raise NotFound(f"no visit {row['id']}")
    if found is not None and found["state"] == "taken":
        at = found["answered_at"].isoformat()
        raise Conflict(f"{found['taken_by_name']} was faster", code="taken", by=found["taken_by_name"], at=at)
    late = found is not None and found["state"] == "timed_out"
    if late and await offers.is_held(conn, by.caregiver_id, row["id"]):
        raise Conflict("this is no longer asked of you", code="not_asked")
    return by.caregiver_id


async def _waiting(conn: Conn, case: Row, item: ServiceItem) -> UUID | None:
    """Return the visit of a locked case that waits for somebody; raise Conflict naming who is sent."""
    sent = await conn.fetchrow(SQL.find_sent, case["id"], item.code)
    if sent is None or sent["state"] == "wanted":
        return sent["id"] if sent else None
    raise Conflict(
        f"{sent['name']} has been sent to this case",
        code="already_dispatched",
        by=sent["name"],
        caregiver_id=str(sent["caregiver_id"]),
        visit_id=str(sent["id"]),
        at=sent["offered_at"].isoformat(),
    )


async def _match(
    conn: Conn,
    case: Row,
    item: ServiceItem,
    settings: DistrictSettings,
    now: datetime,
    visit: Row | None = None,
) -> tuple[Match, Scene]:
    """Decide under the district's lock, ring by ring outwards."""
    await conn.execute(SQL.lock_assignment, str(case["district_id"]))
    scene = await candidates.look(conn, case, item, settings, now)
    last = await conn.fetchval(SQL.last_ring, visit["id"]) if visit else 0
    for ring, ask in matching.rings(last, settings.offer_to, is_one=scene.rings is None):
        scene = scene.within(ring, ask)
        found = match(scene.need, scene.candidates(), scene.disrupt)
        if found.chosen is not None:
            break
    return found, scene


async def _offer(
    conn: Conn,
    case: Row,
    item: ServiceItem,
    found: Match,
    scene: Scene,
    by: Person | None,
    now: datetime,
    wait: timedelta,
    waiting: UUID | None,
) -> UUID:
    """Offer the case's waiting visit of this service, or a new one."""
    whose = {name: case[name] for name in ("district_id", "elder_id")}
    row = {"id": waiting or new_id(), **whose, "case_id": case["id"], "state": "wanted"}
    provider = scene.provider_of(found.chosen)
    if waiting:
        await conn.fetchval(SQL.offer_again, waiting, "wanted", provider, found.chosen, found.why, now)
    else:
        until = now + timedelta(minutes=found.why["request"]["reach_min"])
        where = (case["district_id"], case["elder_id"], case["care_bed_id"], case["id"])
        what = (item.code, candidates.EMERGENCY_PRIORITY, now, until, item.minutes)
        await conn.execute(SQL.create_offer, row["id"], *where, *what, provider, found.chosen, found.why)
    await _ask(conn, row, found, scene, now, wait)
    data = {"caregiver_id": str(found.chosen), "why": found.why["chosen"]}
    offered = {**row, "caregiver_id": found.chosen}
    await journal.visit(conn, offered, "offer", now, by=by, to="offered", data=data)
    identity: UUID = row["id"]
    return identity


async def _ask(conn: Conn, row: Row, found: Match, scene: Scene, now: datetime, wait: timedelta) -> None:
    """Write down who is asked; the others beside the first are told as well."""
    await offers.make(conn, row, [scene.named(one) for one in found.asked], now, now + wait)
    for one in found.asked[1:]:
        beside = {**row, "caregiver_id": one.caregiver_id}
        data = {"caregiver_id": str(one.caregiver_id)}
        await journal.visit(conn, beside, "offer", now, to="offered", data=data)


async def _leave(conn: Conn, case: Row, row: Row, me: UUID, by: Person, now: datetime) -> None:
    """Repair the day of who goes; when the book is stale it is read anew, and decides again."""
    settings = await districts.settings(conn, case["district_id"])
    item = service_items.get(row["service"])
    for _ in range(ATTEMPTS):
        scene = await candidates.look(conn, case, item, settings, now)
        scene.without(row["id"])
        if me not in scene.kept.book.routes:
            return
        try:
            async with conn.transaction():
                await carry(conn, scene.kept.book, scene.repair(me, now), row, by, now)
        except (StaleError, asyncpg.DeadlockDetectedError):
            feed.forget(case["district_id"])
        else:
            return
    # Help goes first: whoever waits for them is seen to be late, and the planner repairs it.
    log.get().error("emergency.not_repaired", visit=str(row["id"]))


async def _wait_for_somebody(conn: Conn, case: Row, visit: Row, found: Match, now: datetime) -> None:
    """Nobody is left: the case goes back to the operators, and the duty manager is told at once."""
    after(VISIT, "visit", "decline", visit["state"])
    await conn.fetchval(SQL.offer_nobody, visit["id"], found.why, now + RETRY)
    await cases.move(conn, case, "recall", now, by=None, escalate_at=now + policy.IDLE)
    roles = policy.AUDIENCES["duty_managers"]
    data = {"reason": "nobody", "visit_id": str(visit["id"]), "why": found.why}
    await journal.case(conn, {**case, "state": "verified"}, "escalate", now, data=data, roles=roles)


def _chosen(found: Match) -> dict[str, Any]:
    chosen = found.why["chosen"]
    return {name: chosen[name] for name in ("caregiver_id", "name", "eta_min", "distance_km")}
