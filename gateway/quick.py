"""The short way of an alarm: understood from memory alone, and stored in one round trip."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from core import log
from core.db import Pool
from devices import codecs, thing_models
from devices.messages import ZONE, Rejected
from gateway import alarms, receipts
from gateway.heard import Heard, Uplink, understand
from gateway.known import Registry
from gateway.noise import Noise
from gateway.poison import is_poison
from gateway.receipts import Receipt


async def store(
    pool: Pool, registry: Registry, noise: Noise, uplinks: Sequence[Uplink]
) -> tuple[list[Receipt], list[Uplink]]:
    """Raise the alarms that say nothing else; return their receipts and what must take the long way.

    What is no alarm at all is a dead letter, and noise if one speaker says too much of it.
    """
    short: list[Heard] = []
    rest: list[Uplink] = []
    for uplink in uplinks:
        try:
            heard = _understood(registry, uplink)
        except Rejected:
            if not noise.is_muted(uplink.topic, len(uplink.payload), uplink.received_at):
                rest.append(uplink)
            continue
        if heard is None:
            rest.append(uplink)
        else:
            short.append(heard)
    if short:
        results = await alarms.raise_at_once(pool, [alarms.signal_of(heard) for heard in short])
        for heard, (alarm_id, is_new) in zip(short, results, strict=True):
            heard.alarm_id, heard.is_fresh = alarm_id, is_new
    return [one for one in map(receipts.of, short) if one is not None], rest


async def raise_ahead(pool: Pool, registry: Registry, uplinks: Sequence[Uplink]) -> None:
    """Raise the alarms of hubs' devices before their values, for which a batch of the home may stand."""
    found = [heard for uplink in uplinks if not uplink.is_retained for heard in _alarms_in(registry, uplink)]
    if found:
        await alarms.raise_at_once(pool, [alarms.signal_of(heard) for heard in found])


async def salvage(pool: Pool, registry: Registry, uplink: Uplink) -> list[Receipt]:
    """Raise each alarm of a message that cannot be stored as a whole; return what may be answered."""
    answers: list[Receipt] = []
    for heard in _alarms_in(registry, uplink):
        if uplink.is_retained and heard.message.is_id_derived and heard.message.at is None:
            continue
        try:
            raised = await alarms.raise_at_once(pool, [alarms.signal_of(heard)])
        except Exception as error:
            if not is_poison(error):
                raise
            log.get().error("gateway.alarm_not_raised", device=heard.device.text, error=type(error).__name__)
            continue
        heard.alarm_id, heard.is_fresh = raised[0]
        receipt = receipts.of(heard)
        answers += [receipt] if receipt is not None else []
    return answers


def calls_for_help(registry: Registry, topic: str, payload: bytes, at: datetime) -> bool:
    """Say whether a hub's message holds an alarm, whatever it looks like; in doubt it may."""
    place = codecs.place_of(topic)
    if place is None:
        return False  # native alarms have a topic of their own
    if not registry.memory.knows(place[0], place[1]):
        return True
    try:
        said = codecs.decode(topic, payload, at, registry.memory.recall)
    except Rejected:
        return False
    types = thing_models.alarm_types()
    return any(
        one.alarm is not None
        or one.is_press
        or any(value is True and (name in types or name == ZONE) for name, value in one.values.items())
        for one in said
    )


def _alarms_in(registry: Registry, uplink: Uplink) -> list[Heard]:
    """Return the alarms that known devices raise in a message, whatever else is wrong with it."""
    found: list[Heard] = []
    with suppress(Rejected):  # its turn comes, and its dead letter
        for message in codecs.decode(
            uplink.topic, uplink.payload, uplink.received_at, registry.memory.recall
        ):
            device = registry.find(message)
            if device is None or message.cancels is not None:
                continue
            with suppress(Rejected):
                heard = understand(uplink, message, device)
                if heard.alarm is not None:
                    found.append(heard)
    return found


def _understood(registry: Registry, uplink: Uplink) -> Heard | None:
    """Return a native alarm without values of a known device, None for another message, or raise Rejected."""
    messages = codecs.decode(uplink.topic, uplink.payload, uplink.received_at)
    device = registry.find(messages[0]) if len(messages) == 1 else None
    if (
        device is None
        or device.no in registry.traced
        or messages[0].hub is not None
        or messages[0].cancels is not None
    ):
        return None
    heard = understand(uplink, messages[0], device)
    return None if heard.alarm is None or heard.readings or heard.extras else heard
