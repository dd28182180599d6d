"""Codes to phones on their way: a tick hands each to the notices of its district, once.

That it is a tick and not the request makes the request's time the same for a number that nobody has.
"""

from datetime import datetime

from core import login_codes
from core.crypto import Keys
from core.db import Pool, enter
from core.settings import Settings
from core.ticking import Job
from dispatch.notices import Recipient, seal, tell

CHANNELS = ("sms", "voice")


def job(settings: Settings) -> Job:
    """Return the clock's job of the dispatch role: a person waits for the code, so it looks every second."""
    kept: list[Keys] = []

    async def run(pool: Pool, now: datetime) -> int:
        if not kept:
            kept.append(Keys.load(settings.keys_path))
        return await tick(pool, kept[0], now)

    return Job("phone_codes", run, 1)


async def tick(pool: Pool, keys: Keys, now: datetime) -> int:
    """Have every code told that waits; return how many. May be killed anywhere, and run twice."""
    async with pool.transaction() as conn:
        rows = await login_codes.take_due(conn, keys, now)
        for row in rows:
            district = row["in_district"]
            await enter(conn, district)
            to = Recipient(contact=keys.seal(district, row["phone"]), language=row["language"])
            await tell(
                conn,
                district=district,
                kind="code",
                to=to,
                words="code",
                now=now,
                channels=CHANNELS,
                data_sealed=seal(keys, district, {"code": row["code"]}),
                expires_at=row["expires_at"],
            )
    return len(rows)
