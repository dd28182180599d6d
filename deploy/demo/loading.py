"""Loading the demo districts: once, in one transaction each; a later start only extends rosters and plans."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from core import districts
from core.clock import ZONE
from core.crypto import Keys
from core.db import Pool, enter
from core.errors import Failure
from core.ids import new_id
from deploy.demo import (
    allowances,
    asking,
    assessing,
    auditing,
    calling,
    care,
    drilling,
    duty,
    eligibility,
    escalating,
    families,
    fraud,
    homes,
    inbound,
    living,
    memory,
    ordering,
    plans,
    seating,
    settling,
    signing,
    staffing,
    trying,
    world,
)
from deploy.demo.memory import ACCOUNTS, SIMULATOR, Accounts
from deploy.demo.place import Place
from dispatch import caregivers
from services import claims, entitlements, purchases, wanting
from services.matching import runs

ORDER = (
    "operator",
    "duty_manager",
    "family",
    "caregiver",
    "clerk",
    "auditor",
    "approver",
    "assessor",
    "provider_manager",
    "installer",
    "admin",
)


async def load(owner_dsn: str, keys: Keys, home: Path, now: datetime) -> list[dict[str, str]]:
    """Make the demo districts or, when they are there, extend their rosters and plans; return the accounts.

    Writes HOME/demo-accounts.json and HOME/simulator.json (0600), which are the memory of the passwords.
    """
    pool = await Pool.open(owner_dsn, size=2, name="yinling-demo")
    try:
        known: list[dict[str, str]] = memory.read(home / ACCOUNTS) or []
        for name in world.DISTRICTS:
            await _one(pool, keys, home, world.read(name), now, known)
            known = memory.read(home / ACCOUNTS)
        await entitlements.tick(pool, now, ZONE)
        await wanting.tick(pool, now, ZONE)
        await claims.tick(pool, now, ZONE)
        await runs.tick(pool, now, ZONE)
        await purchases.tick(pool, now)
    finally:
        await pool.close()
    return known


async def _one(
    pool: Pool, keys: Keys, home: Path, described: world.World, now: datetime, known: list[dict[str, str]]
) -> None:
    async with pool.transaction() as conn:
        existing = await districts.find_by_code(conn, described.code)
        if existing is not None and not existing["is_demo"]:
            raise Failure(f"district {described.code} is a real one: start with --no-demo")
        district = existing["id"] if existing else new_id()
        place = Place(conn, keys, described, district, now, Accounts(known))
        if existing is None:
            await _create(place, home, known)
        else:
            await enter(conn, district)
            _check_memory(home, described.code, known)
        await _extend(place, plans.HISTORY if existing is None else 0)


def _check_memory(home: Path, code: str, known: list[dict[str, str]]) -> None:
    if not any(one["district"] == code for one in known):
        raise Failure(f"{home / ACCOUNTS} is missing, and with it the logins: start again in another --home")


async def _create(place: Place, home: Path, known: list[dict[str, str]]) -> None:
    await _found(place)
    await staffing.contract(place)
    await _staff(place)
    kits = world.kits()
    simulated = [
        await homes.settle_in(place, elder, nth, kits[elder.kit])
        for nth, elder in enumerate(place.world.elders, 1)
    ]
    await _families(place)
    await families.invite(place)
    await staffing.arrange(place)
    others = [one for one in known if one["district"] != place.world.code]
    memory.write(home / ACCOUNTS, [*others, *sorted(place.accounts.made, key=_rank)])
    before: dict[str, Any] = memory.read(home / SIMULATOR) or {"homes": []}
    kept = [one for one in before["homes"] if one["district"] != place.world.code]
    memory.write(home / SIMULATOR, {"homes": [*kept, *simulated]})


def _rank(account: dict[str, str]) -> int:
    return ORDER.index(account["role"])


async def _found(place: Place) -> None:
    row = {"id": place.district, "code": place.world.code, "name": place.world.name, "is_demo": True}
    await districts.create(place.conn, {**row, "settings": {}, "created_at": place.now})
    await enter(place.conn, place.district)
    for region in place.world.regions:
        await districts.create_region(place.conn, region.code, region.name, region.parent)
    await signing.load(place)
    await escalating.load(place)


async def _staff(place: Place) -> None:
    counts: Counter[str] = Counter()
    for staff in place.world.staff:
        counts[staff.role] += 1
        login = _login(place, staff.role, counts[staff.role])
        identity = await staffing.employ(place, staff, login)
        if staff.role == "assessor":
            place.assessors.append(identity)
    for nth, caregiver in enumerate(place.world.caregivers, 1):
        identity = await staffing.hire(place, caregiver)
        login = _login(place, "caregiver", nth)
        await staffing.account(place, "caregiver", login, caregiver.name, caregiver=identity)


async def _families(place: Place) -> None:
    """Give the first elder's first relatives a login."""
    first = place.families[0][1]
    for nth, (member, elder, name) in enumerate(place.families, 1):
        if elder == first:
            login = _login(place, "family", nth)
            await staffing.account(place, "family", login, name, member=member, elder=elder)


def _login(place: Place, role: str, nth: int) -> str:
    return f"{place.world.login}_{role}_{nth}"


async def _extend(place: Place, history: int) -> None:
    rows = await caregivers.list_(place.conn, limit=200)
    names: dict[str, UUID] = {row["name"]: row["id"] for row in rows}
    await staffing.lay_roster(place, names, history + 1)
    await plans.extend(place, names, history)
    await care.extend(place)
    await ordering.extend(place)
    await allowances.extend(place)
    await eligibility.extend(place)
    await auditing.extend(place)
    await settling.extend(place)
    await fraud.extend(place)
    await trying.extend(place)
    await signing.extend(place)
    await assessing.load_assessing(place)
    await living.extend(place)
    await calling.extend(place)
    await duty.extend(place)
    await drilling.extend(place)
    await inbound.extend(place)
    await asking.extend(place)
    await seating.extend(place)
