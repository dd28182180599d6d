"""The city's day in a database: its people, its visits as our own search plans them, at half past ten."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import at_local
from core.db import Conn, Pool
from core.districts import DistrictSettings
from core.ids import new_id
from core.sql import load
from deploy import bootstrap
from dispatch import caregivers, providers, shifts
from dispatch.search.formats import city, unpacked
from dispatch.search.solve import solve
from tests import makers
from tests.bench import instances
from tests.bench.stage import Stage

SQL = load(__file__)
DAY = date(2026, 11, 21)
CALLED_AT = timedelta(hours=10, minutes=30)
REACH_MINUTES = 20
SPEED_KMH = 25.0
ITERATIONS = 10_000_000
"""Of the search: about fifteen seconds; the same plan every time."""
SKILLS = {"meal": ("care",), "bath": ("bath",), "nurse": ("medical", "emergency")}
SERVICES = {"meal": "meal", "bath": "bath", "nurse": "health"}
GENDERS = {"F": "female", "M": "male"}


@dataclass
class CityWorld:
    """What there is."""

    district: UUID
    operator: Person
    now: datetime
    settings: DistrictSettings
    elders: list[UUID]
    open: int = 0


async def make(built: Stage) -> CityWorld:
    """Plan the day and write it down."""
    data = unpacked(instances.CITY)
    day = json.loads(data)
    given: dict[str, Any] = {"emergency_reach_minutes": REACH_MINUTES}
    pool = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
    try:
        district = await makers.make_district(pool, **given)
        midnight = at_local(DAY, "00:00")
        async with pool.transaction(district) as conn:
            operator = await makers.make_person(conn, district)
            elders = await _people(conn, built, district, day)
            settings = DistrictSettings.model_validate(given)
            world = CityWorld(district, operator, midnight + CALLED_AT, settings, elders)
            staff = await _staff(conn, built, district, day, midnight)
            await _visits(conn, world, day, data, staff)
            await conn.execute(SQL.place_everybody)
            await conn.execute(SQL.save_visits)
            await conn.execute(SQL.learn)
            world.open = await conn.fetchval(SQL.count_open)
        return world
    finally:
        await pool.close()


async def call(owner: Pool, world: CityWorld, count: int) -> list[UUID]:
    """Let so many of the elders call for help; return their cases."""
    step = len(world.elders) / count
    elders = [world.elders[int(nth * step)] for nth in range(count)]
    ids = [new_id() for _ in elders]
    async with owner.transaction(world.district) as conn:
        await conn.execute(SQL.make_cases, ids, world.district, elders, world.now, world.operator.account_id)
    return ids


async def put_back(owner: Pool, world: CityWorld) -> None:
    """Make the day as it was before the call."""
    async with owner.transaction(world.district) as conn:
        await conn.execute(SQL.call_off)
        await conn.execute(SQL.put_back)


async def _people(conn: Conn, built: Stage, district: UUID, day: dict[str, Any]) -> list[UUID]:
    first = await makers.make_elder(conn, built.keys, district)
    home = await conn.fetchval("SELECT home_id FROM elder WHERE id = $1", first)
    ids = [new_id() for _ in day["visits"]]
    lats, lons = ([one[name] for one in day["visits"]] for name in ("lat", "lon"))
    await conn.execute(SQL.make_homes, ids, lats, lons, home)
    await conn.execute(SQL.make_elders, ids, first)
    wishes = [
        (new_id(), one, GENDERS[v["gender"]])
        for one, v in zip(ids, day["visits"], strict=True)
        if v["gender"]
    ]
    keys, elders, genders = zip(*wishes, strict=True)
    await conn.execute(SQL.wish_gender, keys, district, elders, genders, DAY, makers.NOW)
    return ids


async def _staff(
    conn: Conn, built: Stage, district: UUID, day: dict[str, Any], midnight: datetime
) -> list[UUID]:
    provider = await providers.create(
        conn, built.keys, district=district, name="provider", phone=None, now=makers.NOW
    )
    found = []
    for one in day["care"]:
        lon, lat = day["offices"][one["office"]]
        made = await caregivers.create(
            conn,
            built.keys,
            district=district,
            provider=provider,
            name=f"caregiver {one['id']}",
            gender=GENDERS[one["gender"]],
            phone=None,
            skills=[skill for kind in one["skills"] for skill in SKILLS[kind]],
            lat=lat,
            lon=lon,
            speed_kmh=SPEED_KMH,
            now=makers.NOW,
        )
        since, until = (midnight + timedelta(seconds=at) for at in one["shift"])
        await shifts.create(conn, district=district, caregiver=made, starts_at=since, ends_at=until)
        found.append(made)
    return found


async def _visits(
    conn: Conn, world: CityWorld, day: dict[str, Any], data: bytes, staff: Sequence[UUID]
) -> None:
    midnight = world.now - CALLED_AT
    plan = solve(city.read(data).problem, iterations=ITERATIONS, seed=1)
    rows = []
    for route in plan.routes:
        for stop in route:
            visit = day["visits"][stop.task]
            since, until = (midnight + timedelta(seconds=at) for at in visit["tw"])
            begins = midnight + timedelta(seconds=stop.start)
            what = (SERVICES[visit["kind"]], since, until, visit["dur"] // 60)
            rows.append((new_id(), world.elders[stop.task], *what, staff[stop.carer], begins))
    columns = [list(column) for column in zip(*rows, strict=True)]
    await conn.execute(SQL.make_visits, world.district, world.now, *columns)
