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


async def make_device(conn: Conn, world: World, thing_model: str, bed: UUID | None = None) -> UUID:
    device = new_id()
    await conn.execute(
        "INSERT INTO device (id, district_id, care_bed_id, thing_model, name, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        device,
        world.district,
        bed or world.bed,
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


async def say(
    world: World, device: UUID, at: datetime, *, is_online: bool = True, **values: float | bool
) -> None:
    """Store what a device says, as the gateway keeps it."""
    said = {name: [value, at.isoformat()] for name, value in values.items()}
    async with world.gateway.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO ingest.device_state AS s (device_no, last_seen_at, is_online, values)"
            " SELECT no, $2, $3, $4 FROM device WHERE id = $1 ON CONFLICT (device_no) DO UPDATE SET"
            " last_seen_at = $2, is_online = $3, silent_since = NULL, values = s.values || excluded.values",
            device,
            at,
            is_online,
            said,
        )


@dataclass(frozen=True)
class Neighbour:
    """One more home with a bed and its hub."""

    home: UUID
    elder: UUID
    bed: UUID
    hub: UUID


async def make_neighbour(
    world: World, *, metres: float = 0.0, region: str | None = None, **given: Any
) -> Neighbour:
    """Make a home so many metres north of the world's, with an elder, a bed and a hub on mains."""
    async with world.web.transaction(world.district) as conn:
        home = await makers.make_home(conn, world.keys, world.district, HOME[0] + metres / 111_195, HOME[1])
        await conn.execute("UPDATE home SET region_code = $2 WHERE id = $1", home, region)
        elder = await makers.make_elder(conn, world.keys, world.district, home, **given)
        bed = await care_beds.create(
            conn, district=world.district, elder=elder, home=home, label="bed", enrolled_on=NOW.date()
        )
        hub = await make_device(conn, world, "hub_v1", bed)
    return Neighbour(home, elder, bed, hub)


async def lose(world: World, one: Neighbour, at: datetime = NOW, type_: str = "power_lost") -> UUID:
    """Raise a technical alarm of a neighbour's hub."""
    named: dict[str, Any] = {"elder_id": one.elder, "care_bed_id": one.bed, "device_id": one.hub}
    return await raise_alarm(world, type_, at, **named, severity=3, **{"class": "technical"})
