"""People: homes, elders, family members, bonds; what is personal is sealed, masked, revealed on record."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

import asyncpg
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, ValidationError

from core import audit
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.rights import PRESETS
from core.rights import check as check_rights
from core.sql import load

SQL = load(__file__)
_ID_LENGTH = 18
REVEALABLE = ("id_number", "phone", "address", "access")


class NewElder(TypedDict):
    """What an elder's record is made of."""

    district: UUID
    home: UUID
    name: str
    gender: str
    born_on: date
    id_number: str
    phone: str | None
    languages: list[str]
    lives_alone: bool
    category: str
    conditions: list[dict[str, str]]
    now: datetime


async def create_home(
    conn: Conn,
    keys: Keys,
    *,
    district: UUID,
    region: str | None,
    address: str,
    access: str | None,
    lat: float,
    lon: float,
    qr_secret: bytes,
    now: datetime,
) -> UUID:
    """Make a home at a WGS-84 position; the address and the way in are sealed."""
    identity, sealed = new_id(), keys.seal(district, address)
    sealed_access = keys.seal(district, access) if access else None
    values = (identity, district, region, sealed, sealed_access, lat, lon, qr_secret, now)
    await conn.execute(SQL.create_home, *values)
    return identity


def check_id_number(number: str) -> str:
    """Return a resident identity number in its standard form (GB 11643-1999), or raise Invalid.

    The county code is not judged: cards were issued from 1984 on, with the counties of that day.
    """
    compact: str = ric.compact(number)
    try:
        if (
            len(compact) != _ID_LENGTH
            or not compact[:-1].isdecimal()
            or compact[-1] != ric.calc_check_digit(compact)
        ):
            raise InvalidChecksum
        ric.get_birth_date(compact)
    except ValidationError as error:
        wrong = [{"field": "id_number", "code": "id_number"}]
        raise Invalid("id_number: not a valid identity number", wrong) from error
    return compact


def born_of(number: str) -> tuple[date, str]:
    """Return the day of birth and the sex that a checked identity number tells."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14])), (
        "male" if int(number[16]) % 2 else "female"
    )


async def create_elder(conn: Conn, keys: Keys, **new: Unpack[NewElder]) -> UUID:
    """Make an elder; raise Invalid on a wrong identity number, Conflict when the district has the person."""
    identity, district = new_id(), new["district"]
    number = check_id_number(new["id_number"])
    values = (
        identity,
        district,
        new["home"],
        new["name"],
        new["gender"],
        new["born_on"],
        keys.seal(district, number),
        keys.index(district, "id_number", number),
        keys.seal(district, new["phone"]) if new["phone"] else None,
        new["languages"],
        new["lives_alone"],
        new["category"],
        new["conditions"],
        new["now"],
    )
    try:
        async with conn.transaction():
            await conn.execute(SQL.create_elder, *values)
    except asyncpg.UniqueViolationError as error:
        raise Conflict(
            "an elder with this identity number exists in this district", code="elder_exists"
        ) from error
    return identity


async def create_family_member(
    conn: Conn, keys: Keys, *, district: UUID, name: str, phone: str | None, now: datetime
) -> UUID:
    """Make a family member."""
    identity = new_id()
    sealed = keys.seal(district, phone) if phone else None
    index = keys.index(district, "phone", phone) if phone else None
    await conn.execute(SQL.create_family_member, identity, district, name, sealed, index, now)
    return identity


async def bond(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    member: UUID,
    relation: str,
    priority: int,
    consented_at: datetime | None,
    rights: Sequence[str] = PRESETS["child_far"],
) -> None:
    """Tie a family member to an elder with rights; without a consent the member sees nothing.

    Tied again after an end, the bond is in force again with what is given now.
    """
    wanted = list(check_rights(rights))
    await conn.execute(SQL.create_bond, district, elder, member, relation, priority, consented_at, wanted)


async def set_rights(conn: Conn, elder: UUID, member: UUID, rights: Sequence[str]) -> None:
    """Give a bond other rights; raise NotFound without a bond, Conflict once ended, Invalid on a right."""
    if await conn.fetchval(SQL.set_rights, elder, member, list(check_rights(rights))) is None:
        raise await _no_bond(conn, elder, member)


async def end_bond(conn: Conn, elder: UUID, member: UUID, now: datetime) -> None:
    """End one bond: this relative sees nothing of the person any more; NotFound, Conflict `bond_ended`."""
    if await conn.fetchval(SQL.end_bond, elder, member, now) is None:
        raise await _no_bond(conn, elder, member)


async def _no_bond(conn: Conn, elder: UUID, member: UUID) -> NotFound | Conflict:
    ended_at = await conn.fetchval(SQL.find_bond_end, elder, member)
    if ended_at is None:
        return NotFound(f"no family member {member} of elder {elder}")
    return Conflict("this bond was ended before", code="bond_ended", at=ended_at.isoformat())


async def find_family_member(conn: Conn, member: UUID) -> Row:
    """Return {id, name, phone_sealed, reach_said_at} of a family member; raise NotFound."""
    row = await conn.fetchrow(SQL.find_family_member, member)
    if row is None:
        raise NotFound(f"no family member {member}")
    return row


async def say_reach(conn: Conn, member: UUID, now: datetime) -> None:
    """Note that a relative has said how they may be reached: from now on their consents decide."""
    await conn.execute(SQL.say_reach, member, now)


async def members_with(conn: Conn, phone_index: bytes) -> list[Row]:
    """Return {id, name, account_id} of the district's relatives who have a telephone number."""
    return await conn.fetch(SQL.list_with_phone, phone_index)


async def set_phone(conn: Conn, keys: Keys, *, district: UUID, member: UUID, phone: str) -> None:
    """Give a relative another telephone number, in its normal form."""
    sealed, index = keys.seal(district, phone), keys.index(district, "phone", phone)
    await conn.execute(SQL.set_phone, member, sealed, index)


async def find_elder(conn: Conn, elder: UUID) -> Row:
    """Return an elder with home position and region, sealed fields untouched; raise NotFound."""
    row = await conn.fetchrow(SQL.find_elder, elder)
    if row is None:
        raise NotFound(f"no elder {elder}")
    return row


async def list_elders(conn: Conn, *, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the district's elders by id, after `after`."""
    return await conn.fetch(SQL.list_elders, after, limit)


async def elders_of_family(conn: Conn, member: UUID) -> list[Row]:
    """Return the elders whose consented bond with this family member is in force."""
    return await conn.fetch(SQL.list_elders_of_family, member)


async def end_bonds(conn: Conn, elder: UUID, now: datetime) -> int:
    """End every bond of an elder: the family sees nothing of the person any more; return how many."""
    return len(await conn.fetch(SQL.end_bonds, elder, now))


async def renew_bonds(conn: Conn, elder: UUID, ended_at: datetime) -> None:
    """Take back that an elder's bonds were ended at an instant."""
    await conn.execute(SQL.renew_bonds, elder, ended_at)


async def contacts(conn: Conn, elder: UUID) -> list[Row]:
    """Return an elder's family in the order in which they are called."""
    return await conn.fetch(SQL.list_contacts, elder)


async def reveal(conn: Conn, keys: Keys, person: Person, elder: UUID, field: str, now: datetime) -> str:
    """Return one sealed field of an elder in clear, on record; `field` is one of REVEALABLE."""
    if field not in REVEALABLE:
        raise Invalid(f"field: {field} cannot be revealed", [{"field": "field", "code": "unknown"}])
    row = await find_elder(conn, elder)
    await _record_reveal(conn, person, "elder", elder, field, now)
    sealed = row[f"{field}_sealed"]
    return keys.open(person.district_id, sealed) if sealed else ""


async def reveal_contact(conn: Conn, keys: Keys, person: Person, member: UUID, now: datetime) -> str:
    """Return a family member's phone number in clear, on record."""
    row = await find_family_member(conn, member)
    await _record_reveal(conn, person, "family_member", member, "phone", now)
    return keys.open(person.district_id, row["phone_sealed"]) if row["phone_sealed"] else ""


async def _record_reveal(
    conn: Conn, person: Person, kind: str, subject: UUID, field: str, now: datetime
) -> None:
    await audit.record(
        conn,
        district=person.district_id,
        at=now,
        account=person.account_id,
        action="reveal",
        subject_kind=kind,
        subject=subject,
        detail={"field": field},
    )


def mask_phone(phone: str) -> str:
    """Show three digits before and four after: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****"  # noqa: PLR2004 - 3 and 4


def mask_id_number(number: str) -> str:
    """Show the first six and the last two characters."""
    return f"{number[:6]}**********{number[-2:]}"


def mask_address(address: str) -> str:
    """Show the first third of an address: the area, not the door."""
    return address[: max(4, len(address) // 3)] + "****"


def age_on(born_on: date, day: date) -> int:
    """Return the completed years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
