"""What the clock does with callers: cases for those nobody called back, sounds fetched and forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from core.ticking import Job
from dispatch.everywhere import everywhere
from dispatch.inbound import callers, calls, recordings, returning
from dispatch.inbound.recordings import Keeper
from dispatch.telephony import choosing
from dispatch.telephony.twilio_sounds import TwilioSounds


def jobs(settings: Settings) -> Sequence[Job]:
    """Return the ticks of callers with how often the clock calls them."""

    async def sounds(pool: Pool, now: datetime) -> int:
        if choosing.named(settings, "twilio") is None:
            return 0
        return await fetch(pool, Keys.load(settings.keys_path), TwilioSounds(settings), now)

    async def numbers(pool: Pool, now: datetime) -> int:
        return await read(pool, Keys.load(settings.keys_path), now)

    timed: list[Job] = [Job("missed", missed, 10), Job("numbers", numbers, 60)]
    if settings.twilio_account_sid is not None:
        timed.append(Job("sounds", sounds, 10))
    return timed


async def missed(pool: Pool, now: datetime) -> int:
    """End calls that are over in silence, open cases for who was not called back, forget recordings."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            gone = await calls.forget(conn, now)
            late = await returning.overdue(conn, district, now)
            return gone + late + await recordings.forget_due(conn, now)

    return await everywhere(pool, one)


async def fetch(pool: Pool, keys: Keys, keeper: Keeper, now: datetime) -> int:
    """Fetch the recordings that a carrier has; return how many."""
    return await everywhere(pool, lambda district: recordings.fetch_due(pool, keys, district, keeper, now))


async def read(pool: Pool, keys: Keys, now: datetime) -> int:  # noqa: ARG001 - a tick's shape
    """Read telephone numbers that are new, so that a caller is known at once; return how many."""

    async def one(district: UUID) -> int:
        async with pool.transaction(district) as conn:
            return await callers.refresh(conn, keys, district)

    return await everywhere(pool, one)
