"""`yinling replay`: publish a recorded log through the broker, as history that ends now or as if today."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

from core.db import Conn
from core.errors import Failure
from devices import registry
from devices.messages import IGNORED, LEARNED, Message, Rejected
from devices.mqtt import Link
from gateway.kit_files import Kit
from gateway.recorded import Line, Remembered, read

_DAY = timedelta(days=1)
_STEP = timedelta(seconds=1)
_BLOCK = 200
_CLIENT = "replay"


def shift_of(first: datetime, last: datetime, now: datetime, *, live: bool) -> timedelta:
    """Return how much later everything happens.

    As history it ends now. Live it keeps its time of day, so that a night is judged as a night: the first
    message falls on its own hour within the last day, and the rest follows at its pace.
    """
    return (now - first) // _DAY * _DAY if live else now - last


def shifted(line: Line, shift: timedelta, *, historical: bool) -> bytes:
    """Return the payload with its times moved, a fresh id, and its mark; what is no JSON stays as it is."""
    try:
        body = msgspec.json.decode(line.payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return line.payload
    if not isinstance(body, dict):
        return line.payload
    for name in ("at", "last_seen"):
        moved = _moved(body.get(name), shift)
        if moved is not None:
            body[name] = moved
    if line.topic.startswith("yl/") and "id" in body:
        body["id"] = str(uuid5(NAMESPACE_OID, f"{body['id']} {shift.total_seconds()}"))
    if historical:
        body["historical"] = True
    return msgspec.json.encode(body)


def _moved(value: Any, shift: timedelta) -> str | None:  # noqa: ANN401 - whatever stands in the message
    if not isinstance(value, str):
        return None
    try:
        return (datetime.fromisoformat(value) + shift).isoformat()
    except (ValueError, OverflowError):
        return None


async def run(
    url: str,
    lines: Iterable[str],
    now: datetime,
    *,
    live: bool = False,
    speed: float | None = None,
) -> AsyncIterator[int]:
    """Publish a log; yield how many messages have been published so far.

    As history it goes as fast as the broker takes it unless `speed` is given; live it goes at its own pace
    times `speed`.
    """
    log = sorted(timed(list(read(lines, needs_time=False)), now), key=_time)
    if not log:
        raise Failure("the log is empty")
    first, last = _time(log[0]), _time(log[-1])
    shift = shift_of(first, last, now, live=live)
    pace = speed or (1.0 if live else None)
    async with Link(url, f"{url.partition('//')[2].partition(':')[0]}-{_CLIENT}") as link:
        began = asyncio.get_running_loop().time()
        for nth, line in enumerate(log, 1):
            if pace is not None:
                await _wait(began + (_time(line) - first).total_seconds() / pace)
            payload = shifted(line, shift, historical=not live)
            if pace is None and nth % _BLOCK and nth < len(log):
                link.send(line.topic, payload)
            else:
                await link.publish(line.topic, payload)
                yield nth


def timed(log: Sequence[Line], now: datetime) -> list[Line]:
    """Give a message without a time its place, a second after the one before; a log without any ends now."""
    at = next((line.at for line in log if line.at), now - timedelta(seconds=len(log)))
    found = []
    for line in log:
        at = line.at or at + _STEP
        found.append(replace(line, at=at))
    return found


def _time(line: Line) -> datetime:
    assert line.at is not None  # noqa: S101 - `timed` gave it one
    return line.at


async def _wait(until: float) -> None:
    left = until - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)


def _natives(lines: Sequence[str], now: datetime) -> Iterator[tuple[Line, Message]]:
    """Yield what native devices say in a log."""
    remembered = Remembered()
    for line in read(lines, needs_time=False):
        with suppress(Rejected):
            for message in remembered.decode(line, now):
                if message.hub is None and message.kind not in {IGNORED, LEARNED}:
                    yield line, message


async def register(
    conn: Conn, lines: Sequence[str], kit: Kit, *, district: UUID, care_bed: UUID, now: datetime
) -> list[UUID]:
    """Make a device at a bed for every native topic of a log that has none yet; return the new ones.

    They are known by the name in the topic, which only a service may use: a device of its own gets its id.
    """
    known = {row["address"] for row in await registry.list_(conn, care_bed, limit=10_000)}
    made: list[UUID] = []
    for line, message in _natives(lines, now):
        name = message.addresses[0]
        if name in known:
            continue
        device = kit.find(line.raw_topic, message.values)
        added = await registry.add(
            conn,
            district=district,
            thing_model=device.model.code,
            now=now,
            care_bed=care_bed,
            name=name,
            room=device.room,
            address=name,
        )
        known.add(name)
        made.append(added.device_id)
    return made
