"""Which district a caller wants: the one whose number was called, else the one that knows the caller."""

from datetime import datetime
from uuid import UUID

from core import phones
from core.crypto import Keys
from core.db import Pool
from core.districts import DistrictSettings
from core.sql import load
from dispatch.inbound import callers, calls

SQL = load(__file__)
CARRIER = "twilio"
"""The carrier that tells of calls to us."""


async def district_of(
    pool: Pool, keys: Keys, *, ref: str, called: str, caller: str, now: datetime
) -> UUID | None:
    """Return the district of a call, or None when no district has this carrier.

    `ref` is the carrier's id of the call: one that has arrived stays where it is. Of districts that share a
    number those that know the caller come first, of them those where an operator is there; then by code.
    """
    named = await _named(pool, called)
    if len(named) <= 1:
        return named[0] if named else None
    stored, found = phones.find(caller), list[tuple[bool, bool, int]]()
    for nth, district in enumerate(named):
        async with pool.transaction(district) as conn:
            if await calls.of_ref(conn, CARRIER, ref) is not None:
                return district
            index = callers.index_of(keys, district, stored) if stored else None
            is_known = index is not None and bool(await conn.fetchval(SQL.knows, index))
            is_there = await calls.operators_there(conn, now) > 0
        found.append((not is_known, not is_there, nth))
    return named[min(found)[2]]


async def _named(pool: Pool, called: str) -> list[UUID]:
    """Return the districts that are called under a number, by code; all of the carrier's if none is."""
    async with pool.transaction() as conn:
        rows = await conn.fetch(SQL.list_districts)
    served: dict[UUID, DistrictSettings] = {row["id"]: DistrictSettings(**row["settings"]) for row in rows}
    ours = [one for one, chosen in served.items() if chosen.carrier == CARRIER]
    wanted = phones.find(called)
    return [one for one in ours if wanted and phones.find(served[one].centre_phone) == wanted] or ours
