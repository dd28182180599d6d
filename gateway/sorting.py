"""Sort messages: understood, not understood, from a stranger."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.db import Conn
from devices import codecs
from devices.messages import ALARM, ANSWER, IGNORED, LEARNED, STATUS, Message, Rejected
from gateway import receipts, unknown_devices
from gateway.dead_letters import Letter
from gateway.heard import Heard, Uplink, understand
from gateway.known import Registry
from gateway.receipts import Receipt

TURN = 32
"""So many messages at a stretch: a batch of thousands must not hold the event loop."""


@dataclass(slots=True)
class Batch:
    """Messages of one transaction, sorted by what must be done with them."""

    said: list[Heard] = field(default_factory=list)
    alarms: list[Heard] = field(default_factory=list)
    statuses: list[Heard] = field(default_factory=list)
    results: list[Heard] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    strangers: list[tuple[Uplink, Message]] = field(default_factory=list)
    answers: list[Receipt] = field(default_factory=list)


async def sort(conn: Conn, registry: Registry, uplinks: Sequence[Uplink]) -> Batch:
    """Decode each uplink, find the devices that speak in it and check what they say."""
    batch = Batch()
    for nth, uplink in enumerate(uplinks):
        if nth % TURN == TURN - 1:
            await asyncio.sleep(0)  # others' turn: an alarm may wait
        try:
            messages = await _decode(conn, registry, uplink)
        except Rejected as wrong:
            await _reject(conn, batch, registry, uplink, wrong)
            continue
        is_kept = not await _is_learned(conn, batch, registry, uplink, messages)
        for message in messages:
            try:
                await _place(conn, batch, registry, uplink, message)
            except Rejected as wrong:
                wrong.reply = message.reply
                await _reject(conn, batch, registry, uplink, wrong, is_kept=is_kept)
                is_kept = True
    return batch


async def _decode(conn: Conn, registry: Registry, uplink: Uplink) -> list[Message]:
    """Decode by what is remembered of the hub; if that fails, by what others have learned since."""
    place = codecs.place_of(uplink.topic)
    if place is not None:
        await registry.memory.read(conn, place[0], place[1])
    recall = registry.memory.recall
    try:
        return codecs.decode(uplink.topic, uplink.payload, uplink.received_at, recall)
    except Rejected:
        if place is None or not await registry.memory.read(conn, place[0], place[1], again=True):
            raise
    return codecs.decode(uplink.topic, uplink.payload, uplink.received_at, recall)


async def _is_learned(
    conn: Conn, batch: Batch, registry: Registry, uplink: Uplink, messages: Sequence[Message]
) -> bool:
    """Remember what there is to remember; if that cannot be, what devices say in it counts all the same."""
    try:
        await _learn(conn, registry, uplink, messages)
    except Rejected as wrong:
        await _keep(conn, batch, registry, uplink, wrong)
        return False
    return True


async def _learn(conn: Conn, registry: Registry, uplink: Uplink, messages: Sequence[Message]) -> None:
    taught = [message for message in messages if message.kind == LEARNED]
    if not taught:
        return
    hub, ecosystem = taught[0].hub or "", taught[0].ecosystem
    if await registry.speaker(conn, hub) is None:
        raise Rejected("unknown_device", "hub")
    await registry.memory.learn(conn, hub, ecosystem, taught, uplink.received_at)


async def _place(conn: Conn, batch: Batch, registry: Registry, uplink: Uplink, message: Message) -> None:
    if message.wrong is not None:
        raise message.wrong
    if message.kind in {IGNORED, LEARNED}:
        if (receipt := receipts.reply(uplink, message)) is not None:
            batch.answers.append(receipt)
        return
    device = registry.find(message) or await registry.look_up(conn, message)
    if device is None and message.is_of_hub and message.hub is not None:
        device = await registry.speaker(conn, message.hub)
    if device is None:
        batch.strangers.append((uplink, message))
        return
    if uplink.is_retained and message.is_id_derived and message.at is None:
        return  # what the broker keeps and says again: without id and time it would seem new
    _put(batch, understand(uplink, message, device))


def _put(batch: Batch, heard: Heard) -> None:
    if heard.message.kind == STATUS:
        batch.statuses.append(heard)
    elif heard.message.kind == ANSWER:
        batch.results.append(heard)
    elif heard.alarm is not None or heard.message.kind == ALARM:
        batch.alarms.append(heard)
    else:
        batch.said.append(heard)


async def _reject(
    conn: Conn,
    batch: Batch,
    registry: Registry,
    uplink: Uplink,
    wrong: Rejected,
    *,
    is_kept: bool = False,
) -> None:
    """Keep an uplink as a dead letter, once however many of its messages are wrong, and say so."""
    if not is_kept:
        await _keep(conn, batch, registry, uplink, wrong)
    refusal = receipts.refusal(uplink, wrong)
    if refusal is not None:
        batch.answers.append(refusal)


async def _keep(conn: Conn, batch: Batch, registry: Registry, uplink: Uplink, wrong: Rejected) -> None:
    levels = uplink.topic.split("/")
    name = {"yl": levels[2:3], "eco": levels[1:2]}.get(levels[0], [])
    speaker = await registry.speaker(conn, name[0]) if name else None
    batch.letters.append(
        Letter(
            uplink.topic,
            uplink.payload,
            uplink.received_at,
            wrong.reason,
            wrong.field,
            device_id=speaker.id if speaker else None,
            district_id=speaker.district if speaker else None,
        )
    )


async def meet_strangers(conn: Conn, registry: Registry, batch: Batch, now: datetime) -> None:
    """List who is not registered; what it says waits among the dead letters until it is adopted."""
    met: dict[tuple[str | None, str, str], list[tuple[Uplink, Message]]] = {}
    for uplink, message in batch.strangers:
        key = (message.hub, message.ecosystem, message.addresses[0])
        met.setdefault(key, []).append((uplink, message))
    for same in met.values():
        message = same[0][1]
        hub = await registry.speaker(conn, message.hub) if message.hub else None
        unknown = await unknown_devices.meet(conn, message, hub, now, len(same))
        for uplink, said in same:
            reason = "unknown_device" if unknown else "too_many_unknown"
            letter = Letter(uplink.topic, uplink.payload, uplink.received_at, reason)
            letter.unknown_id = unknown
            letter.district_id = hub.district if hub else None
            batch.letters.append(letter)
            wrong = Rejected(reason, None, said.id, said.reply)
            if (refusal := receipts.refusal(uplink, wrong)) is not None:
                batch.answers.append(refusal)
