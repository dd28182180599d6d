"""The services role: claims at the doorbell of visits; entitlements and care plans by the clock."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from core.ticking import Job, Role, Tick
from services import assessment_wants, claims, complaints, deaths, entitlements, purchases, wanting
from services.allowances import lists
from services.fraud import runs as fraud_runs
from services.guardianship import duties
from services.matching import runs
from services.registers import connectors
from services.settlement import budgets, sampled
from services.settlement import runs as settling
from services.whatif import runs as what_ifs

POLL = 1.0
"""Seconds after which claims are looked for even if nobody rang."""


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop; raise Failure when the database does not answer."""
    zone = ZoneInfo(settings.time_zone)

    async def settle(pool: Pool, now: datetime) -> None:
        del now  # a run takes as long as it takes: each piece of it reads the clock
        await settling.tick(pool, lambda: datetime.now(UTC), zone)

    async def try_out(pool: Pool, now: datetime) -> None:
        del now  # as long as it takes
        await what_ifs.tick(pool, lambda: datetime.now(UTC))

    async def fetch(pool: Pool, now: datetime) -> None:
        await connectors.tick(pool, lambda: Keys.load(settings.keys_path), settings, now)

    clocked = (
        Job("entitle", _in(zone, entitlements.tick), 300),
        Job("want", _in(zone, wanting.tick), 5),
        Job("allowances", lists.tick, 2),
        Job("family_history", _in(zone, deaths.tick), 300),
        Job("assess", _in(zone, assessment_wants.tick), 60),
        Job("guard", _in(zone, duties.tick), 60),
        Job("purchases", purchases.tick, 5),
        Job("complaints", complaints.tick, 60),
        Job("match", _in(zone, runs.tick), 10),
        Job("settle", settle, 2),
        Job("what_if", try_out, 2),
        Job("budgets", budgets.tick, 600),
        Job("sample", sampled.tick, 30),
        Job("fraud", _in(zone, fraud_runs.tick), 600),
        Job("fetch", fetch, 60),
    )
    role = Role("services", "visit", Job("claim", _in(zone, claims.tick), POLL), clocked)
    await role.run(settings, stop)


def _in(zone: ZoneInfo, tick: Callable[[Pool, datetime, ZoneInfo], Awaitable[object]]) -> Tick:
    """Return a tick that goes by the months and days of a zone."""

    async def local(pool: Pool, now: datetime) -> None:
        await tick(pool, now, zone)

    return local
