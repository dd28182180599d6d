"""A small world for dispatch: one elder at home with a kit, one provider with caregivers on shift."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Pool
from core.ids import new_id
from devices import care_beds
from dispatch import caregivers, intake, providers, shifts
from tests import makers
from tests.makers import NOW

HOME = (37.886, 118.526)
SKILLS = ("care", "emergency", "medical", "bath")


@dataclass
class World:
    """Who and what there is."""

    keys: Keys
    district: UUID
    web: Pool
    worker: Pool
    gateway: Pool
    elder: UUID = field(default_factory=new_id)
    home: UUID = field(default_factory=new_id)
    bed: UUID = field(default_factory=new_id)
    device: UUID = field(default_factory=new_id)
    provider: UUID = field(default_factory=new_id)


async def make_world(
    pool_owner: Pool,
    web: Pool,
    worker: Pool,
    gateway: Pool,
    keys: Keys,
    code: str = "370503",
    **settings: Any,
) -> World:
    world = World(keys, await makers.make_district(pool_owner, code, **settings), web, worker, gateway)
    async with web.transaction(world.district) as conn:
        world.home = await makers.make_home(conn, keys, world.district, *HOME)
        world.elder = await makers.make_elder(conn, keys, world.district, world.home)
        world.bed = await care_beds.create(
            conn,
            district=world.district,
            elder=world.elder,
            home=world.home,
            label="bed 1",
            enrolled_on=NOW.date(),
        )
        world.device = await make_device(conn, world, "care_bed_v1")
        world.provider = await providers.create(
            conn, keys, district=world.district, name="provider", phone="13800001111", now=NOW
        )
    return world


async def make_device(conn: Conn, world: World, thing_model: str) -> UUID:
    device = new_id()
    await conn.execute(
        "INSERT INTO device (id, district_id, care_bed_id, thing_model, name, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        device,
        world.district,
        world.bed,
        thing_model,
        thing_model,
        NOW,
    )
    return device


async def make_caregiver(
    world: World, name: str = "caregiver", *, km: float = 1.0, on_shift: bool = True, **given: Any
) -> Person:
    """Make a caregiver who starts `km` north of the home, with an account."""
    async with world.web.transaction(world.district) as conn:
        row: dict[str, Any] = {"skills": SKILLS, "gender": "female", "phone": None, "now": NOW}
        caregiver = await caregivers.create(
            conn,
            world.keys,
            district=world.district,
            provider=world.provider,
            name=name,
            lat=HOME[0] + km / 111.195,
            lon=HOME[1],
            **{**row, **given},
        )
        if on_shift:
            await shifts.create(
                conn,
                district=world.district,
                caregiver=caregiver,
                starts_at=NOW - timedelta(hours=4),
                ends_at=NOW + timedelta(hours=8),
            )
        return await makers.make_person(conn, world.district, "caregiver", caregiver=caregiver)


async def make_operator(world: World, role: str = "operator") -> Person:
    async with world.web.transaction(world.district) as conn:
        return await makers.make_person(conn, world.district, role)


async def raise_alarm(world: World, type_: str = "sos", at: datetime = NOW, **given: Any) -> UUID:
    """Raise an alarm as the gateway does."""
    row: dict[str, Any] = {
        "id": new_id(),
        "district_id": world.district,
        "device_id": world.device,
        "care_bed_id": world.bed,
        "elder_id": world.elder,
        "message_id": str(new_id()),
        "type": type_,
        "class": "care",
        "severity": 1,
        "observed_at": at,
        "received_at": at,
        "historical": False,
        **given,
    }
    async with world.gateway.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO alarm (id, district_id, device_id, care_bed_id, elder_id, message_id, type, class,"
            " severity, observed_at, received_at, historical) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            *row.values(),
        )
    identity: UUID = row["id"]
    return identity


async def make_case(world: World, type_: str = "sos", at: datetime = NOW, **given: Any) -> UUID:
    """Raise an alarm and take it in; return its case."""
    alarm = await raise_alarm(world, type_, at, **given)
    await intake.run(world.worker, world.district, at)
    return await case_of(world, alarm)


async def case_of(world: World, alarm: UUID) -> UUID:
    async with world.web.transaction(world.district) as conn:
        case: UUID = await conn.fetchval("SELECT case_id FROM case_alarm WHERE alarm_id = $1", alarm)
    return case


async def events_of(world: World) -> list[tuple[str, list[str]]]:
    """Return the kinds and roles of all events so far, in the order in which they were written."""
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT kind, roles FROM event ORDER BY id")
    return [(row["kind"], row["roles"]) for row in rows]
