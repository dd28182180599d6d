"""The same in every district, for ticks."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from core import districts
from core.db import Pool


async def everywhere(pool: Pool, one: Callable[[UUID], Awaitable[int]]) -> int:
    """Do it in every district; one that fails is told of at the end, when the others have had their turn."""
    async with pool.transaction() as conn:
        found = await districts.ids(conn)
    count, failed = 0, None
    for district in found:
        try:
            count += await one(district)
        except Exception as error:  # noqa: BLE001 - raised below
            failed = error
    if failed is not None:
        raise failed
    return count
