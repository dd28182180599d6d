"""Sort messages: understood, not understood, from a stranger."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.db import Conn
from devices import codecs
from devices.messages import ALARM, IGNORED, STATUS, Message, Rejected
from gateway import receipts, unknown_devices
from gateway.dead_letters import Letter
from gateway.heard import Heard, Uplink, understand
from gateway.known import Registry
from gateway.receipts import Receipt


@dataclass(slots=True)
class Batch:
    """Messages of one transaction, sorted by what must be done with them."""

    said: list[Heard] = field(default_factory=list)
    alarms: list[Heard] = field(default_factory=list)
    statuses: list[Heard] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    strangers: list[tuple[Uplink, Message]] = field(default_factory=list)
    answers: list[Receipt] = field(default_factory=list)


async def sort(conn: Conn, registry: Registry, uplinks: Sequence[Uplink]) -> Batch:
    """Decode each message, find its device and check what it says."""
    batch = Batch()
    for uplink in uplinks:
        try:
            message = codecs.decode(uplink.topic, uplink.payload, uplink.received_at)
            if message.kind == IGNORED:
                continue
            device = registry.find(message) or await registry.look_up(conn, message)
            if device is None:
                batch.strangers.append((uplink, message))
                continue
            if uplink.is_retained and message.is_id_derived and message.at is None:
                continue  # what the broker keeps and says again: without id and time it would seem new
            heard = understand(uplink, message, device)
        except Rejected as wrong:
            await _reject(conn, batch, registry, uplink, wrong)
            continue
        _put(batch, heard)
    return batch


def _put(batch: Batch, heard: Heard) -> None:
    if heard.message.kind == STATUS:
        batch.statuses.append(heard)
    elif heard.alarm is not None or heard.message.kind == ALARM:
        batch.alarms.append(heard)
    else:
        batch.said.append(heard)


async def _reject(conn: Conn, batch: Batch, registry: Registry, uplink: Uplink, wrong: Rejected) -> None:
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
    refusal = receipts.refusal(uplink, wrong)
    if refusal is not None:
        batch.answers.append(refusal)


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
        for uplink, _ in same:
            letter = Letter(uplink.topic, uplink.payload, uplink.received_at, "unknown_device")
            letter.unknown_id = unknown
            letter.district_id = hub.district if hub else None
            batch.letters.append(letter)
            wrong = Rejected("unknown_device", None, message.id)
            if (refusal := receipts.refusal(uplink, wrong)) is not None:
                batch.answers.append(refusal)
