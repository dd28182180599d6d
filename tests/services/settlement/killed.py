"""A process of its own that works on a run: `killed DSN DISTRICT RUN PIECE`."""

import asyncio
import sys
from datetime import datetime
from uuid import UUID

from core.db import Pool
from services.settlement import runs

LATER = datetime.fromisoformat("2026-12-02T08:00:00+00:00")


async def main(dsn: str, district: str, run: str, piece: str) -> None:
    """Work on the run in small pieces."""
    runs.VISITS = int(piece)
    pool = await Pool.open(dsn, size=6)
    await runs.work(pool, UUID(district), UUID(run), lambda: LATER)
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
