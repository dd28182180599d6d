"""The services role: claims at the doorbell of visits; entitlements and care plans by the clock."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from core.db import Pool
from core.settings import Settings
from core.ticking import Job, Role
from services import assessment_wants, claims, complaints, deaths, entitlements, purchases, wanting
from services.allowances import lists
from services.guardianship import duties

POLL = 1.0
"""Seconds after which claims are looked for even if nobody rang."""


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop; raise Failure when the database does not answer."""
    zone = ZoneInfo(settings.time_zone)

    async def entitle(pool: Pool, now: datetime) -> None:
        await entitlements.tick(pool, now, zone)

    async def claim(pool: Pool, now: datetime) -> None:
        await claims.tick(pool, now, zone)

    async def want(pool: Pool, now: datetime) -> None:
        await wanting.tick(pool, now, zone)

    async def assess(pool: Pool, now: datetime) -> None:
        await assessment_wants.tick(pool, now, zone)

    async def guard(pool: Pool, now: datetime) -> None:
        await duties.tick(pool, now, zone)

    async def family_history(pool: Pool, now: datetime) -> None:
        await deaths.tick(pool, now, zone)

    clocked = (
        Job("entitle", entitle, 300),
        Job("want", want, 5),
        Job("allowances", lists.tick, 2),
        Job("family_history", family_history, 300),
        Job("assess", assess, 60),
        Job("guard", guard, 60),
        Job("purchases", purchases.tick, 5),
        Job("complaints", complaints.tick, 60),
    )
    role = Role("services", "visit", Job("claim", claim, POLL), clocked)
    await role.run(settings, stop)
