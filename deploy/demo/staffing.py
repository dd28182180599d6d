"""Who works in a demo district: providers under contract, caregivers with certificates and shifts, desks."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import accounts, people
from core.clock import at_local, local_date
from deploy.demo import people as made_up
from deploy.demo.place import Place
from deploy.demo.world import Caregiver, Staff
from dispatch import caregivers, providers, shifts
from dispatch.roster import coverage, leaves, wishes
from dispatch.roster.fitness import Covered
from dispatch.roster.wishing import Wish
from services import contracts
from services.contracts import Price

AHEAD = 7
"""Days for which the roster is laid; every start lays it again."""
BREAK = timedelta(hours=4, minutes=30), timedelta(hours=6, minutes=30)
"""An hour's break lies between these after a shift's beginning."""
COVERED = ((None, None), ("meal", 60), ("bath", 12))
"""Services that providers undertake for the whole district, and how many visits a day at most."""


async def contract(place: Place) -> None:
    """Make providers and their contracts."""
    begins = date(place.day(0).year - 1, 1, 1)
    for provider in place.world.providers:
        identity = await providers.create(
            place.conn,
            place.keys,
            district=place.district,
            name=provider.name,
            phone=made_up.phone(9000 + len(place.providers)),
            now=place.now,
        )
        prices = [Price(service, "visit", Decimal(price)) for service, price in provider.prices.items()]
        place.providers.append(identity)
        await contracts.create(
            place.conn,
            district=place.district,
            provider=identity,
            number=provider.contract,
            valid_from=begins,
            valid_to=None,
            prices=prices,
        )


async def hire(place: Place, caregiver: Caregiver) -> UUID:
    """Make a caregiver with certificates."""
    nth = len(place.caregivers) + 1
    identity = await caregivers.create(
        place.conn,
        place.keys,
        district=place.district,
        provider=place.providers[caregiver.provider],
        name=caregiver.name,
        gender=caregiver.gender,
        phone=made_up.phone(5000 + nth),
        skills=caregiver.skills,
        lat=caregiver.lat,
        lon=caregiver.lon,
        now=place.now,
    )
    for skill in caregiver.skills:
        if skill in place.certified:
            await _certify(place, identity, skill, expired=skill in caregiver.expired)
    place.caregivers.append(identity)
    return identity


async def _certify(place: Place, caregiver: UUID, skill: str, *, expired: bool) -> None:
    age = timedelta(days=800 if expired else 200)
    first = place.day(0) - age
    await caregivers.certify(
        place.conn,
        district=place.district,
        caregiver=caregiver,
        skill=skill,
        name=place.certified[skill],
        valid_from=first,
        valid_to=first + timedelta(days=730),
    )


async def lay_roster(place: Place, names: dict[str, UUID], before: int) -> None:
    """Put every caregiver on shift from `before` days ago to a week ahead; what is there already stays."""
    today = local_date(place.now)
    for caregiver in place.world.caregivers:
        days = made_up.roster(caregiver.shift, today - timedelta(days=before), today + timedelta(days=AHEAD))
        for first_day, start, last_day, end in days:
            starts_at = at_local(first_day, f"{start:%H:%M}")
            await shifts.create(
                place.conn,
                district=place.district,
                caregiver=names[caregiver.name],
                starts_at=starts_at,
                ends_at=at_local(last_day, f"{end:%H:%M}"),
                rest=(starts_at + BREAK[0], starts_at + BREAK[1], 60),
            )


async def arrange(place: Place) -> None:
    """Note what the district has agreed: coverage, elders' wishes, who goes on foot or on leave."""
    today = place.day(0)
    for provider in place.providers:
        for service, capacity in COVERED:
            line = Covered(service, place.world.code, date(today.year - 1, 1, 1), None, 60, capacity)
            await coverage.create(place.conn, provider, line)
    for nth, caregiver in enumerate(place.caregivers, 1):
        await caregivers.update(place.conn, place.keys, caregiver, staff_number=f"{1000 + nth}")
    on_foot = [c for c, one in _people(place) if "emergency" not in one.skills]
    for caregiver in on_foot[:1]:
        await caregivers.update(place.conn, place.keys, caregiver, vehicle="walk")
    away = [c for c, one in _people(place) if one.shift == "night" and (one.expired or len(one.skills) == 1)]
    for caregiver in away[:1]:
        since = at_local(today + timedelta(days=5), "12:00")
        span = (since, since + timedelta(days=1), None, place.now)
        await leaves.record(place.conn, caregiver, "annual", *span)
    elders = sorted(await people.list_elders(place.conn), key=lambda row: row["id"])
    women = Wish("gender", value="female", is_hard=True)
    noted = (Wish("prefer", place.caregivers[0]), women, Wish("never", place.caregivers[-1]))
    said: dict[str, Any] = {"since": today, "by": None, "now": place.now}
    for elder, wish in zip(elders, noted, strict=False):
        await wishes.note(place.conn, elder["id"], wish, wished_by="family", **said)


def _people(place: Place) -> list[tuple[UUID, Caregiver]]:
    return list(zip(place.caregivers, place.world.caregivers, strict=True))


async def employ(place: Place, staff: Staff, login: str) -> UUID:
    """Make a desk's account."""
    provider = place.providers[staff.provider] if staff.provider is not None else None
    return await account(place, staff.role, login, staff.name, provider=provider)


async def account(
    place: Place,
    role: str,
    login: str,
    name: str,
    *,
    caregiver: UUID | None = None,
    member: UUID | None = None,
    elder: UUID | None = None,
    provider: UUID | None = None,
) -> UUID:
    """Make an account with the password that the accounts' file keeps."""
    links = {"caregiver_id": caregiver, "elder_id": elder, "provider_id": provider}
    spelt = {key: str(value) for key, value in links.items() if value is not None}
    password = place.accounts.add(role, login, place.world.code, **spelt)
    return await accounts.create(
        place.conn,
        district=place.district,
        login=login,
        password=password,
        role=role,
        name=name,
        now=place.now,
        family_member=member,
        caregiver=caregiver,
        provider=provider,
    )
