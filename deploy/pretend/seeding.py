"""Which phones a demonstration begins with: elders, relatives, caregivers, the operators' seats."""

from typing import Any

from core import phones
from core.crypto import Keys
from core.db import Pool, enter
from core.sql import load
from deploy.pretend.phones import Manner

SQL = load(__file__)
STRANGER = "+8615000009999"


async def prepare(owner_dsn: str, keys: Keys) -> list[dict[str, Any]]:
    """Give the demo districts this carrier; return the page's phones: {number, name, role, manner}."""
    found: dict[str, dict[str, Any]] = {}
    pool = await Pool.open(owner_dsn, size=1, name="yinling-pretend")
    try:
        async with pool.transaction() as conn:
            districts = await conn.fetch(SQL.choose_carrier)
        for row in districts:
            async with pool.transaction() as conn:
                await enter(conn, row["id"])
                for one in await conn.fetch(SQL.list_phones):
                    number = _e164(keys.open(row["id"], one["phone_sealed"]))
                    if number is not None and number not in found:
                        whose = {"name": one["name"], "role": one["kind"]}
                        found[number] = {"number": number, **whose, "manner": Manner.BY_HAND}
    finally:
        await pool.close()
    stranger = {"number": STRANGER, "name": "", "role": "stranger", "manner": Manner.BY_HAND}
    return [*found.values(), stranger]


def _e164(text: str) -> str | None:
    try:
        return phones.read(text, made_up=True).e164
    except phones.BadNumber:
        return None
