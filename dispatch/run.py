"""The dispatch role: intake at the doorbell of alarms; escalation, lateness, core's upkeep by the clock."""

import asyncio

from core import upkeep
from core.settings import Settings
from core.ticking import Job, Role
from dispatch import phone_codes, ticks
from dispatch.centre import ticks as centre
from dispatch.cover import ticks as cover
from dispatch.inbound import ticks as inbound
from dispatch.notices import ticks as notices
from dispatch.planning import ticks as planner
from dispatch.telephony import sending as calling

POLL = 0.5
"""Seconds after which intake looks even if nobody rang: a case must be there within a second."""
CLOCKED = (
    Job("offers", ticks.offers, 1),
    Job("escalate", ticks.escalate, 2),
    Job("recover", ticks.recover, 15),
    Job("late", ticks.late, 60),
    Job("settle_proofs", ticks.settle_proofs, 60),
    Job("safety", ticks.safety, 15),
    Job("seats", ticks.seats, 5),
    Job("lay_rosters", ticks.lay_rosters, 600),
    Job("forget", ticks.forget, 3600),
    Job("answers", centre.sums, 5),
    Job("pauses", centre.watch_pauses, 60),
    Job("lay_rota", centre.lay_rota, 600),
    Job("duty_soon", centre.tell_soon, 60),
    Job("upkeep", upkeep.tick, 60),  # the audit chain, and the retention of what core owns
)


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Serve until told to stop; raise Failure when the database does not answer."""
    clocked = (
        *CLOCKED,
        phone_codes.job(settings),
        *planner.jobs(settings),
        *notices.jobs(settings),
        *inbound.jobs(settings),
        *calling.jobs(settings),
        *cover.jobs(),
    )
    await Role("dispatch", "alarm", Job("intake", ticks.intake, POLL), clocked).run(settings, stop)
