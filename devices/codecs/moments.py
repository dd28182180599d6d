"""What platforms report: values of some devices at some moments, and events; pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from devices.codecs import reading, translation, wire
from devices.codecs.translation import Said, Source, Words
from devices.messages import Message, Rejected, Reply, unread

T = TypeVar("T")
_NOBODY = "?"
MOST = 1000
"""More moments in one message are a flood."""


@dataclass(frozen=True)
class Moment:
    """What one device measured at one time, or an event of it."""

    addresses: tuple[str, ...]
    clock: Any
    found: Mapping[str, Any]
    event: str | None = None
    is_history: bool = False
    wrong: Rejected | None = None
    """It is not understood; the other moments of the message are."""


@dataclass(frozen=True)
class Wire:
    """One message as it came."""

    hub: str
    ecosystem: str
    payload: bytes
    received_at: datetime
    has_own_id: bool = False
    """The payload holds an id that is never used again."""


def told(came: Wire, moments: Iterable[Moment], table: Words, reply: Reply | None = None) -> list[Message]:
    """Return a message for each moment; what is older than the newest of its device is history."""
    all_ = list(moments)
    if len(all_) > MOST:
        raise Rejected("too_many_values", "moments")
    wrongs = [one.wrong for one in all_ if one.wrong is not None]
    found: list[Message] = []
    for source, moment in _sources(came, [one for one in all_ if one.wrong is None]):
        found += translation.messages(source, _said(moment, table))
    if wrongs and not found:
        raise wrongs[0]
    if found and reply is not None:
        found[0].reply = reply
    return found + [unread(came.hub, came.ecosystem, wrong) for wrong in wrongs]


def _sources(came: Wire, moments: Iterable[Moment]) -> Iterator[tuple[Source, Moment]]:
    known = [(moment, *wire.instant(moment.clock)) for moment in moments]
    newest: dict[str, datetime] = {}
    for moment, at, _ in known:
        name = moment.addresses[0]
        if at is not None and (name not in newest or at > newest[name]):
            newest[name] = at
    for nth, (moment, at, is_bad) in enumerate(known):
        is_late = moment.is_history or wire.is_late(at, newest.get(moment.addresses[0]), came.received_at)
        source = Source(
            came.hub,
            came.ecosystem,
            moment.addresses,
            identity(came, (moment.addresses[0], str(nth)), at),
            is_id_derived=True,
            at=at,
            has_bad_clock=is_bad,
            is_historical=is_late,
        )
        yield source, moment


def each(parts: Iterable[T], read: Callable[[T], Iterable[Moment]]) -> Iterator[Moment]:
    """Read the parts of a message; what is wrong with one is told beside the others."""
    for part in parts:
        try:
            yield from list(read(part))
        except Rejected as wrong:
            yield Moment((_NOBODY,), None, {}, wrong=wrong)


def identity(came: Wire, parts: tuple[str, ...], at: datetime | None) -> str:
    """Make the id of a part of a message."""
    fixed = came.received_at if came.has_own_id else at
    return reading.derive(came.ecosystem, (came.hub, *parts), came.payload, fixed, came.received_at)


def _said(moment: Moment, table: Words) -> Said:
    said = translation.translate(moment.found, table)
    if moment.event is not None:
        translation.event(said, moment.event, moment.found, table)
    return said


def by_clock(
    addresses: tuple[str, ...], found: Mapping[str, Any], *, is_history: bool = False, clock: object = None
) -> Iterator[Moment]:
    """Sort `{name: {value, time}}`, bare values and lists of them into moments."""
    times: dict[Any, dict[str, Any]] = {}
    for name, given in found.items():
        for one in given if _is_series(given) else [given]:
            value, at = (one["value"], one.get("time", clock)) if _is_timed(one) else (one, clock)
            times.setdefault(at if isinstance(at, str | int | float) else None, {})[name] = value
    for at, values in times.items():
        yield Moment(addresses, at, values, is_history=is_history)


def _is_timed(given: object) -> bool:
    return isinstance(given, dict) and "value" in given and given.keys() <= {"value", "time", "quality"}


def _is_series(given: object) -> bool:
    return isinstance(given, list) and bool(given) and all(_is_timed(one) for one in given)


def events(
    addresses: tuple[str, ...], found: Mapping[str, Any], *, is_history: bool = False, clock: object = None
) -> Iterator[Moment]:
    """Read `{event: {value: {…}, time}}`, also lists of them."""
    for name, given in found.items():
        for one in given if isinstance(given, list) else [given]:
            inner = one.get("value", one) if isinstance(one, dict) else {"value": one}
            at = one.get("time", clock) if isinstance(one, dict) else clock
            values = inner if isinstance(inner, dict) else {"value": inner}
            yield Moment(addresses, at, values, event=name, is_history=is_history)
