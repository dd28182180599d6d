"""What the engine does next for one notice: try a channel, wait, or end. Pure: rows in, a verdict out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

SECOND = timedelta(seconds=1)
URGENT: Mapping[str, timedelta] = {
    "push": 20 * SECOND,
    "sms": 40 * SECOND,
    "voice": 75 * SECOND,
    "chat": 20 * SECOND,
    "mail": 40 * SECOND,
}
"""So long a channel has before the next is tried: a phone rings 30 s and the words take 25."""
DRILL = timedelta(minutes=20)
"""In a drill nobody is hurried."""
CALM = timedelta(minutes=10)
"""So long what asks for no answer waits for its receipt."""
ASKING = frozenset({"case", "drill"})
"""Kinds that want an answer: that a message was delivered is not enough."""
RETRIES = 2
"""So often a channel is tried again that the carrier could not take for the moment."""
BACKOFF = (10 * SECOND, 30 * SECOND)
TALK = timedelta(seconds=90)
"""A call that was picked up is left so long to end."""
CARE = 10 * SECOND
"""How often a try that is being sent is looked at."""
DOUBT = 20 * SECOND
"""So much longer one that may or may not be at the carrier has, before the next channel is tried."""
WITHOUT_RECEIPT = frozenset({"chat", "mail"})
ON_THE_WAY = frozenset({"coming", "with_them"})
"""Answers of somebody who is on the road, or there: their phone stays silent."""
HOLDS = timedelta(minutes=45)
"""So long an answer spares its giver: who said so long ago that they come fell asleep again, or never did."""
LONGEST = timedelta(minutes=3)
"""So long a carrier's own "not before" is waited for where no other channel is left."""
Somebody = TypeVar("Somebody")


@dataclass(frozen=True, slots=True)
class Tried:
    """One try so far, as the row says; `ended_at` when it failed, or when an answered call was over.

    `was_taken`: the carrier had it when it failed (busy, no answer, undelivered), so that the next channel is
    tried and not the same again.
    """

    channel: str
    state: str
    at: datetime
    code: str | None = None
    is_permanent: bool = False
    ended_at: datetime | None = None
    retry_at: datetime | None = None
    was_taken: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Try this channel from then on."""

    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class End:
    """It is over: told (reached, or handed over, without an answer) or failed."""

    state: str


Next = Send | Wait | End


def following(kind: str, channels: Sequence[str], tries: Sequence[Tried], now: datetime) -> Next:
    """Say what is next for a notice with these channels, after these tries (oldest first)."""
    if not tries:
        return Send(channels[0], now) if channels else End("failed")
    last = tries[-1]
    if last.state == "queued":
        return Wait(max(now, last.at) + CARE)
    if last.state == "sending":
        until = last.at + patience(kind, last.channel) + DOUBT
        return Wait(min(until, now + CARE)) if now < until else _fall_back(channels, tries, now)
    if last.state == "failed":
        return _after_failure(kind, channels, tries, now)
    if last.state == "delivered" and kind not in ASKING:
        return End("told")
    until = _patience(kind, last)
    return Wait(until) if now < until else _fall_back(channels, tries, now)


def is_left_alone(answer: str | None, *, is_staff: bool) -> bool:
    """Say whether a case's next steps spare somebody who answered so: a relative on the way is driving.

    Staff are told again all the same: who is on the way to the console has not yet claimed anything.
    """
    return not is_staff and answer in ON_THE_WAY


def to_ring(
    people: Sequence[Somebody],
    said: Callable[[Somebody], str | None],
    is_staff: Callable[[Somebody], bool],
) -> list[Somebody]:
    """Return whom of an audience a step rings: who is on the way not, who cannot if all others cannot."""
    left = [one for one in people if not is_left_alone(said(one), is_staff=is_staff(one))]
    able = [one for one in left if is_staff(one) or said(one) != "cannot"]
    return able or left


def patience(kind: str, channel: str) -> timedelta:
    """Return how long a channel has before the next is tried."""
    if kind == "case":
        return URGENT[channel]
    return DRILL if kind == "drill" else CALM


def outcome(tries: Sequence[Tried]) -> str:
    """Return the end of a notice whose channels are exhausted: told, if anything arrived, else failed."""
    arrived = any(
        one.state in {"delivered", "answered"} or (one.state == "sent" and one.channel in WITHOUT_RECEIPT)
        for one in tries
    )
    return "told" if arrived else "failed"


def _patience(kind: str, last: Tried) -> datetime:
    """Return until when a try that was taken is waited for."""
    if last.state == "answered":
        return last.ended_at or last.at + TALK
    return last.at + patience(kind, last.channel)


def _after_failure(kind: str, channels: Sequence[str], tries: Sequence[Tried], now: datetime) -> Next:
    last = tries[-1]
    again = sum(1 for one in tries if one.channel == last.channel)
    if last.is_permanent or last.was_taken or again > RETRIES:
        return _fall_back(channels, tries, now)
    most = patience(kind, last.channel) if _untried(channels, tries) else LONGEST
    if last.retry_at is not None and last.retry_at - now > most:
        return _fall_back(channels, tries, now)  # "in an hour" must not silence the other channels till then
    pause = BACKOFF[again - 1]
    return Send(last.channel, max(now, last.retry_at or (last.ended_at or last.at) + pause))


def _fall_back(channels: Sequence[str], tries: Sequence[Tried], now: datetime) -> Next:
    left = _untried(channels, tries)
    return Send(left, now) if left else End(outcome(tries))


def _untried(channels: Sequence[str], tries: Sequence[Tried]) -> str | None:
    tried = {one.channel for one in tries}
    return next((channel for channel in channels if channel not in tried), None)
