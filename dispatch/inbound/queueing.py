"""What a caller is told next while nobody has taken the call, and why a call was missed (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AT_ONCE = timedelta(seconds=5)
"""Who puts the phone down within this has hardly rung: a short abandon, counted apart (COPC's habit)."""
LONGEST = timedelta(minutes=10)
"""After this a caller is promised a call back instead of waiting on."""
WORDS_EVERY = 6
"""Every so many rounds of the queue something is said; between them there is silence."""


class Next(StrEnum):
    """What happens to the caller now."""

    WAIT = "wait"
    SAY_WAIT = "say_wait"
    DESK = "desk"
    """Ring the phone of who took it."""
    MANAGER = "manager"
    """Ring the duty manager, as no operator is there."""
    CALL_BACK = "call_back"
    """Promise a call back and end."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller as the queue knows it.

    `manager`: a duty manager can be rung; `is_rung`: that has been tried, and is over.
    """

    arrived_at: datetime
    step: int
    on_duty: int
    is_taken: bool
    is_rung: bool
    manager: bool


def next_of(waiting: Waiting, now: datetime) -> Next:
    """Return what happens to a caller now."""
    if waiting.is_taken:
        return Next.DESK
    if waiting.on_duty == 0 and not waiting.is_rung and waiting.manager:
        return Next.MANAGER
    if waiting.on_duty == 0 or now - waiting.arrived_at >= LONGEST:
        return Next.CALL_BACK
    return Next.SAY_WAIT if waiting.step % WORDS_EVERY == 0 else Next.WAIT


def missed_because(
    arrived_at: datetime, ended_at: datetime, *, on_duty: int, is_taken: bool, is_told: bool, failed: bool
) -> str:
    """Return why nobody spoke to a caller, as a code.

    `is_told`: a call back was promised; `failed`: the carrier could not go on.
    """
    if failed:
        return "technical"
    if is_taken:
        return "desk_did_not_answer"
    if on_duty == 0:
        return "nobody_on_duty"
    if is_told:
        return "waited_too_long"
    return "gave_up_at_once" if ended_at - arrived_at < AT_ONCE else "gave_up"
