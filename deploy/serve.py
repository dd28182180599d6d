"""One role as a process of its own, for compose and clusters; demo districts are refused here (DESIGN §2)."""

import asyncio
import importlib

from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from core.sql import load
from deploy.embedded.broker import stop_on_signals

SQL = load(__file__)
ROLES = {"gateway": "gateway", "dispatch": "dispatch", "services": "services", "web": "dashboards"}


async def serve(role: str, settings: Settings) -> None:
    """Run one role until a signal says stop."""
    await refuse_demo(settings.require_database())
    stop: asyncio.Event = stop_on_signals()
    await importlib.import_module(f"{ROLES[role]}.run").run(settings, stop)


async def refuse_demo(dsn: str) -> None:
    """Raise Failure when the database holds a demo district, whose passwords lie in a file."""
    pool = await Pool.open(dsn, size=1, name="serve")
    try:
        async with pool.transaction() as conn:
            name = await conn.fetchval(SQL.find_demo)
    finally:
        await pool.close()
    if name is not None:
        raise Failure(f"this database holds the demo district {name}: it is for `yinling up` only")
