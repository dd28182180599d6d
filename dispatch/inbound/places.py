"""Which district a caller wants: the one whose number was called, else the one that knows the caller."""

from uuid import UUID

from core import phones
from core.crypto import Keys
from core.db import Pool
from core.districts import DistrictSettings
from core.sql import load
from dispatch.inbound import callers

SQL = load(__file__)


async def district_of(pool: Pool, keys: Keys, called: str, caller: str) -> UUID | None:
    """Return the district of a call, or None when no district has this carrier.

    Of districts that share a number the first, by code, that knows the caller; else the first.
    """
    async with pool.transaction() as conn:
        rows = await conn.fetch(SQL.list_districts)
    served: dict[UUID, DistrictSettings] = {row["id"]: DistrictSettings(**row["settings"]) for row in rows}
    ours = [one for one, chosen in served.items() if chosen.carrier == "twilio"]
    wanted = phones.find(called)
    named = [one for one in ours if wanted and phones.find(served[one].centre_phone) == wanted] or ours
    if len(named) > 1 and (stored := phones.find(caller)) is not None:
        for district in named:
            async with pool.transaction(district) as conn:
                if await conn.fetchval(SQL.knows, callers.index_of(keys, district, stored)):
                    return district
    return named[0] if named else None
