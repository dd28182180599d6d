"""Demo elders: home, person, family, bed, grade, entitlement and kit, through the same doors as real ones."""

import os
from datetime import date
from typing import Any
from uuid import UUID

from core import people
from deploy.demo import families
from deploy.demo import people as made_up
from deploy.demo.place import Place
from deploy.demo.world import Elder, Piece, Relative
from devices import care_beds, registry
from services import assessments, entitlements

_SECRET = 16
ASSESSED_BEFORE = 40
"""Days before today on which demo elders were assessed: well before the month begins."""


async def settle_in(place: Place, elder: Elder, nth: int, kit: list[Piece]) -> dict[str, Any]:
    """Make one elder with all that belongs to them; return the home for the simulator."""
    home = await _home(place, elder)
    identity = await _person(place, elder, nth, home)
    for order, relative in enumerate(elder.family, 1):
        await _relative(place, identity, relative, nth, order)
    await families.consent(place, identity, nth)
    provider = place.providers[nth % len(place.providers)]
    bed = await care_beds.create(
        place.conn,
        district=place.district,
        elder=identity,
        home=home,
        label=f"{place.world.login.upper()}-{nth:03d}",
        enrolled_on=place.day(ASSESSED_BEFORE),
        provider=provider,
    )
    await _grade(place, elder, identity)
    devices = [await _device(place, bed, piece) for piece in kit]
    return {
        "care_bed_id": str(bed),
        "elder_id": str(identity),
        "district": place.world.code,
        "devices": devices,
    }


async def _home(place: Place, elder: Elder) -> UUID:
    return await people.create_home(
        place.conn,
        place.keys,
        district=place.district,
        region=elder.region,
        address=elder.address,
        access=elder.access,
        lat=elder.lat,
        lon=elder.lon,
        qr_secret=os.urandom(_SECRET),
        now=place.now,
    )


async def _person(place: Place, elder: Elder, nth: int, home: UUID) -> UUID:
    return await people.create_elder(
        place.conn,
        place.keys,
        district=place.district,
        home=home,
        name=elder.name,
        gender=elder.gender,
        born_on=elder.born_on,
        id_number=made_up.id_number(place.world.code, elder.born_on, elder.gender, nth),
        phone=made_up.phone(nth),
        languages=elder.languages,
        lives_alone=elder.lives_alone,
        category=elder.category,
        conditions=elder.conditions,
        now=place.now,
    )


async def _relative(place: Place, elder: UUID, relative: Relative, nth: int, order: int) -> None:
    member = await people.create_family_member(
        place.conn,
        place.keys,
        district=place.district,
        name=relative.name,
        phone=made_up.phone(1000 * order + nth),
        now=place.now,
    )
    await people.bond(
        place.conn,
        district=place.district,
        elder=elder,
        member=member,
        relation=relative.relation,
        priority=order,
        consented_at=place.now,
        rights=families.rights_of(relative.relation, order),
    )
    place.families.append((member, elder, relative.name))


async def _grade(place: Place, elder: Elder, identity: UUID) -> None:
    first, second = place.assessors
    assessed_on: date = place.day(ASSESSED_BEFORE)
    filled = assessments.Form(
        elder=identity,
        items=made_up.answers(elder.score),
        adjustments=dict(elder.adjustments),
        reason="first",
        assessed_on=assessed_on,
    )
    form, _ = await assessments.record(
        place.conn, district=place.district, filled=filled, assessor=first, now=place.now
    )
    await assessments.sign(place.conn, form, assessor=second, now=place.now)
    await entitlements.enrol(
        place.conn,
        district=place.district,
        elder=identity,
        scheme_code=place.world.scheme,
        valid_from=assessed_on.replace(day=1),
    )


async def _device(place: Place, bed: UUID, piece: Piece) -> dict[str, Any]:
    made = await registry.add(
        place.conn,
        district=place.district,
        thing_model=piece.thing_model,
        care_bed=bed,
        room=piece.room,
        now=place.now,
    )
    return {
        "device_id": str(made.device_id),
        "username": made.username,
        "password": made.password,
        "thing_model": piece.thing_model,
        "room": piece.room,
    }
