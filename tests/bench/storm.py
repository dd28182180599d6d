"""A storm: 5,000 alarms of 500 homes in a minute, ten communities without power; two dispatch processes.

One case an elder, one incident a community, no deadlock; how long a care alarm waits for its case behind the
flood, and how fast the console's pages answer meanwhile.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import httpx

from core import districts, grades
from core.db import Conn, Pool
from core.ids import new_id
from deploy import bootstrap
from deploy.embedded.postgres import free_port
from devices import care_beds
from tests.bench import stage
from tests.bench.console import _login
from tests.bench.figures import Figure
from tests.bench.sse import listening
from tests.bench.stage import Stage
from tests.makers import make_district, make_elder, make_home

HOMES, COMMUNITIES, SECONDS = 500, 10, 60
MODELS = ("hub_v1", "care_bed_v1", "motion_v1", "door_v1")
KINDS = (
    ("power_lost", "technical", 0),
    ("power_lost", "technical", 1),
    ("bed_exit", "care", 1),
    ("silent", "technical", 1),
    ("link_lost", "technical", 0),
    ("no_motion", "care", 2),
    ("silent", "technical", 2),
    ("door_open", "care", 3),
    ("fall", "care", 1),
    ("sos", "care", 1),
)
SEVERITY = {"sos": 1, "fall": 1, "no_motion": 2, "bed_exit": 3, "door_open": 3}
CASE_P99_S, PAGE_P95_MS = 1.0, 50.0
_DEVICE = (
    "INSERT INTO device (id, district_id, care_bed_id, thing_model, name, created_at)"
    " VALUES ($1, $2, $3, $4, $4, $5)"
)
_ALARM = (
    "INSERT INTO alarm (id, district_id, device_id, care_bed_id, elder_id, message_id, type, class, severity,"
    " observed_at, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)"
)
_COUNTS = (
    "SELECT (SELECT count(*) FROM care_case WHERE class = 'care') AS care,"
    " (SELECT count(DISTINCT elder_id) FROM care_case WHERE class = 'care') AS elders,"
    " (SELECT count(*) FROM incident i JOIN care_case c ON c.id = i.id"
    "   WHERE c.state <> 'closed') AS incidents,"
    " (SELECT count(*) FROM incident_member m JOIN care_case c ON c.id = m.incident_id"
    "   WHERE c.state <> 'closed') AS people,"
    " (SELECT count(*) FROM case_alarm) AS linked"
)
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass(frozen=True)
class House:
    """A home with its person and devices."""

    elder: UUID
    bed: UUID
    devices: tuple[UUID, ...]


@dataclass
class Seen:
    """When each care alarm was raised and had its case, and how long the pages took."""

    raised: dict[UUID, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    total: int = 0
    drained: float = 0.0


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    seen = Seen()
    async with stage.build() as built, AsyncExitStack() as stack:
        district, houses = await _settle(built)
        env = {**built.environment(), "YINLING_DATABASE_URL": built.dsn(bootstrap.WORKER)}
        for _ in range(2):
            await stack.enter_async_context(stage.process("-m", "dispatch", env=env))
        port = free_port()
        web = {"YINLING_DATABASE_URL": built.dsn(bootstrap.WEB), "YINLING_HTTP_PORT": str(port)}
        await stack.enter_async_context(stage.process("-m", "dashboards", env={**env, **web}))
        await listening(port)
        client = await _login(stack, built, district, port)
        pool = await Pool.open(built.dsn(bootstrap.GATEWAY), size=2)
        looking = await Pool.open(built.dsn(bootstrap.WORKER), size=2)
        pages = asyncio.create_task(_look(client, seen))
        watch = asyncio.create_task(_watch(looking, district, seen))
        await asyncio.sleep(3)
        await _storm(pool, district, houses, seen)
        ended = time.perf_counter()
        async with asyncio.timeout(300):
            await watch
        pages.cancel()
        await asyncio.gather(pages, return_exceptions=True)
        async with looking.transaction(district) as conn:
            (counts,) = await conn.fetch(_COUNTS)
            deadlocks = await conn.fetchval(_DEADLOCKS)
        await pool.close()
        await looking.close()
    for figure in _figures(seen, dict(counts), deadlocks, seen.drained - ended):
        yield figure


def _figures(seen: Seen, counts: dict[str, int], deadlocks: int, drain: float) -> list[Figure]:
    waits, pages = sorted(seen.waits), sorted(seen.pages)
    p99, p95 = waits[int(len(waits) * 0.99)], pages[int(len(pages) * 0.95)] * 1000

    def exact(name: str, value: int, bar: int) -> Figure:
        return Figure("storm", name, value, "", None, bar, value == bar)

    return [
        exact("alarms_linked", counts["linked"], HOMES * len(KINDS)),
        exact("care_cases", counts["care"], HOMES),
        exact("elders_with_a_case", counts["elders"], HOMES),
        exact("incidents", counts["incidents"], COMMUNITIES),
        exact("people_without_cover", counts["people"], HOMES),
        exact("deadlocks", deadlocks, 0),
        Figure("storm", "care_case_p50", waits[len(waits) // 2], "s"),
        Figure("storm", "care_case_p99", p99, "s", None, CASE_P99_S, p99 <= CASE_P99_S),
        Figure("storm", "queue_empty_after_last", drain, "s"),
        Figure("storm", "console_page_p95", p95, "ms", None, PAGE_P95_MS, p95 <= PAGE_P95_MS),
    ]


async def _settle(built: Stage) -> tuple[UUID, list[House]]:
    """Make the homes: each community a street of its own, a few metres between doors."""
    pool = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
    district = await make_district(pool)
    async with pool.transaction(district) as conn:
        for nth in range(COMMUNITIES):
            await districts.create_region(conn, f"3705031{nth:02d}200", f"community {nth}", None)
        houses = [await _house(conn, built, district, nth) for nth in range(HOMES)]
    await pool.close()
    return district, houses


async def _house(conn: Conn, built: Stage, district: UUID, nth: int) -> House:
    community, door = nth % COMMUNITIES, nth // COMMUNITIES
    home = await make_home(conn, built.keys, district, 37.8 + community * 0.05 + door * 0.0002, 118.5)
    await conn.execute("UPDATE home SET region_code = $2 WHERE id = $1", home, f"3705031{community:02d}200")
    number = f"{nth:03d}"
    elder = await make_elder(conn, built.keys, district, home, name=number, lives_alone=nth % 3 == 0)
    grade = ("mild", "moderate", "severe", "total")[nth % 4]
    given = {"valid_from": date(2026, 1, 1), "valid_to": None, "source": None, "now": datetime.now(UTC)}
    await grades.record(conn, district=district, elder=elder, scale="gbt_42195", grade=grade, **given)  # type: ignore[arg-type]
    bed = await care_beds.create(
        conn, district=district, elder=elder, home=home, label=number, enrolled_on=date(2026, 1, 1)
    )
    devices = tuple(new_id() for _ in MODELS)
    for device, model in zip(devices, MODELS, strict=True):
        await conn.execute(_DEVICE, device, district, bed, model, datetime.now(UTC))
    return House(elder, bed, devices)


async def _storm(pool: Pool, district: UUID, houses: list[House], seen: Seen) -> None:
    """Raise a second's share each second, as many gateways' batches would."""
    everything = [(house, *kind) for kind in KINDS for house in houses]
    share = len(everything) // SECONDS + 1
    for second in range(SECONDS):
        began = time.perf_counter()
        async with pool.transaction(district) as conn:
            for house, type_, class_, which in everything[second * share : (second + 1) * share]:
                alarm, now = new_id(), datetime.now(UTC)
                severity = SEVERITY.get(type_, 3)
                what = (house.devices[which], house.bed, house.elder, str(alarm), type_, class_, severity)
                await conn.execute(_ALARM, alarm, district, *what, now)
                seen.total += 1
                if class_ == "care":
                    seen.raised[alarm] = time.perf_counter()
        await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - began)))


async def _watch(pool: Pool, district: UUID, seen: Seen) -> None:
    """See which care alarms wait no longer, until nothing waits."""
    while True:
        async with pool.transaction(district) as conn:
            waiting = {row["alarm_id"] for row in await conn.fetch("SELECT alarm_id FROM alarm_intake")}
            committed = {row["id"] for row in await conn.fetch("SELECT id FROM alarm WHERE class = 'care'")}
        now = time.perf_counter()
        for alarm in [one for one in seen.raised if one in committed and one not in waiting]:
            seen.waits.append(now - seen.raised.pop(alarm))
        if seen.total >= HOMES * len(KINDS) and not waiting and not seen.raised:
            seen.drained = now
            return
        await asyncio.sleep(0.1)


async def _look(client: httpx.AsyncClient, seen: Seen) -> None:
    while True:
        for page in ("/console", "/console/technical", "/console/technical/list", "/console/incidents"):
            began = time.perf_counter()
            answer = await client.get(page)
            seen.pages.append(time.perf_counter() - began)
            answer.raise_for_status()
        await asyncio.sleep(0.25)
