"""Emergencies in a city's day: 200 caregivers, 2,000 visits, 10:30, 200 calls one after the other.

The day is planned by our own search; every call is then sent and accepted through the database as web does
it, and what it changed is put back. Beside it plain insertion, which pushes nobody out, on the same book.
"""

import statistics
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Pool
from core.errors import Conflict
from deploy import bootstrap
from dispatch import candidates, cases, emergency, service_items, visits
from dispatch.candidates import Scene
from dispatch.matching import match
from dispatch.online import feed, schedule
from dispatch.online.book import minute
from tests.bench import city_world, stage
from tests.bench.city_world import CityWorld
from tests.bench.figures import Figure

CALLS = 200
SERVICE = "health"
"""A nurse for half an hour, as the reference asks."""
NOTHING = 0.5
"""Minutes: plain insertion changes nothing, and no repair is thought through that does."""
BAR_MS, BAR_RESPONSE, BAR_PUSHED = 20.0, 8.2, 1.0


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        world = await city_world.make(built)
        pool = await Pool.open(built.dsn(bootstrap.WEB), size=2)
        owner = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
        try:
            yield Figure("online", "visits_open", world.open, "visits")
            calls = await city_world.call(owner, world, CALLS)
            async for figure in _decide(pool, world, calls):
                yield figure
            async for figure in _send(pool, owner, world, calls):
                yield figure
        finally:
            await pool.close()
            await owner.close()


async def _scene(conn: Conn, world: CityWorld, case_id: UUID) -> Scene:
    case = await cases.lock(conn, case_id)
    await conn.execute(emergency.SQL.lock_assignment, str(world.district))
    return await candidates.look(conn, case, service_items.get(SERVICE), world.settings, world.now)


async def _decide(pool: Pool, world: CityWorld, calls: list[UUID]) -> AsyncIterator[Figure]:
    """Measure deciding alone, in memory, and plain insertion beside it."""
    took, work, bare = [], [], []
    feed.forget(world.district)
    async with pool.transaction(world.district) as conn:
        began = time.perf_counter()
        await _scene(conn, world, calls[0])
        yield Figure("online", "book_read_whole", _ms(began), "ms")
        for case_id in calls:
            scene = await _scene(conn, world, case_id)
            began, cpu = time.perf_counter(), time.process_time()
            match(scene.need, scene.candidates(), scene.disrupt)
            took.append(_ms(began))
            work.append((time.process_time() - cpu) * 1000)
            bare.append(_plain(scene))
    yield Figure("online", "decision_p95", _p95(took), "ms", None, BAR_MS, _p95(took) <= BAR_MS)
    yield Figure("online", "decision_p95_of_the_processor", _p95(work), "ms")
    placed = [one for one in bare if one is not None]
    yield Figure("online", "plain_insertion_finds_no_place", len(bare) - len(placed), "calls")
    yield Figure("online", "plain_insertion_response_median", statistics.median(placed), "min")


def _plain(scene: Scene) -> float | None:
    """Return when somebody could come who leaves everything as it was promised; None: nobody in time."""
    best = None
    at = minute(scene.need.at)
    for route in scene.kept.book.routes.values():
        shift = route.shift(at)
        if scene.need.skill in route.carer.skills and shift and shift[0] <= at:
            found = scene.repair(route.carer.caregiver_id, scene.need.at, NOTHING)
            late = found.arrival - at
            leaves = schedule.standing(route, at).driving_to
            is_plain = not found.changes and found.interrupted is None and leaves is None
            if is_plain and late <= scene.need.reach_min and (best is None or late < best):
                best = late
    return best


@dataclass
class Tally:
    """What was measured of each call."""

    sends: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    accepts: list[float] = field(default_factory=list)
    chosen: list[dict[str, Any]] = field(default_factory=list)

    def mean(self, *names: str) -> float:
        """Return how many visits a call moved so."""
        moved = [float(one.get(name, 0)) for one in self.chosen for name in names]
        return sum(moved) / len(self.chosen)


async def _send(pool: Pool, owner: Pool, world: CityWorld, calls: list[UUID]) -> AsyncIterator[Figure]:
    """Measure sending and accepting through the database, commits included."""
    tally = Tally()
    for case_id in calls:
        began, cpu = time.perf_counter(), time.process_time()
        try:
            async with pool.transaction(world.district) as conn:
                sent = await emergency.send(conn, case_id, world.operator, world.now, SERVICE)
        except Conflict:
            continue
        finally:
            tally.sends.append(_ms(began))
            tally.work.append((time.process_time() - cpu) * 1000)
        tally.chosen.append(sent.why["chosen"])
        tally.accepts.append(await _accept(pool, world, sent.visit_id, sent.caregiver_id))
        await city_world.put_back(owner, world)
    nobody = len(calls) - len(tally.chosen)
    yield Figure("online", "nobody_sent", nobody, "calls", None, 0, nobody == 0)
    for figure in _figures(tally):
        yield figure


def _figures(tally: Tally) -> Iterator[Figure]:
    p95, pushed = _p95(tally.sends), tally.mean("handed_over", "released")
    etas = [one["eta_min"] for one in tally.chosen]
    median = statistics.median(etas)
    yield Figure("online", "send_p50", statistics.median(tally.sends), "ms")
    yield Figure("online", "send_p95", p95, "ms", None, BAR_MS, p95 <= BAR_MS)
    yield Figure("online", "send_p95_of_the_processor", _p95(tally.work), "ms")
    yield Figure("online", "accept_p95", _p95(tally.accepts), "ms")
    yield Figure(
        "online", "response_median", median, "min", BAR_RESPONSE, BAR_RESPONSE, median <= BAR_RESPONSE
    )
    yield Figure("online", "response_mean", statistics.mean(etas), "min")
    yield Figure("online", "pushed_out_mean", pushed, "visits", BAR_PUSHED, BAR_PUSHED, pushed <= BAR_PUSHED)
    yield Figure("online", "nobody_left_for_mean", tally.mean("released"), "visits")
    yield Figure("online", "later_with_the_same_mean", tally.mean("postponed"), "visits")


async def _accept(pool: Pool, world: CityWorld, visit_id: UUID, caregiver_id: UUID) -> float:
    person = replace(world.operator, role="caregiver", caregiver_id=caregiver_id)
    began = time.perf_counter()
    async with pool.transaction(world.district) as conn:
        await visits.accept(conn, visit_id, person, world.now + timedelta(seconds=20))
    return _ms(began)


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
