"""Run the rules over a batch, and store what they raise."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import log
from core.db import Conn
from gateway import alarms, watches
from gateway.alarms import Signal
from gateway.heard import Heard
from gateway.known import Known, Registry
from gateway.rules import engine
from gateway.rules.memory import Raised, Seen
from gateway.sorting import TURN, Batch

_NOTHING = timedelta(0)


async def judge(conn: Conn, registry: Registry, batch: Batch) -> None:
    """Run the rules over what is new and live, in the order of the devices' own clocks."""
    seen = [(heard.device, _seen(heard)) for heard in batch.said + batch.alarms if _is_judged(heard)]
    seen += [(heard.device, _status(heard)) for heard in batch.statuses if not heard.uplink.is_retained]
    if not seen:
        return
    seen.sort(key=lambda pair: pair[1].at)
    memory = await watches.of(conn, {device.subject for device, _ in seen})
    changed: set[UUID] = set()
    raised: list[Raised] = []
    for nth, (device, one) in enumerate(seen):
        if nth % TURN == TURN - 1:
            await asyncio.sleep(0)  # others' turn: an alarm may wait
        try:
            rules = registry.book_of(device.district, device.elder)
            found, is_changed = engine.hear(
                memory[device.subject], one, rules, has_mat=registry.has_mat(device)
            )
        except Exception as error:  # noqa: BLE001 - what is said, and the alarms in it, are stored all the same
            log.get().error("rules.failed", device=device.text, error=type(error).__name__)
            continue
        raised += found
        if is_changed:
            changed.add(device.subject)
    if changed:
        await watches.save(conn, {subject: memory[subject] for subject in changed})
    await raise_rules(conn, registry, raised, batch_time(batch))


def batch_time(batch: Batch) -> datetime:
    """Return when the newest message of a batch came."""
    return max(heard.uplink.received_at for heard in batch.said + batch.alarms + batch.statuses)


async def raise_rules(conn: Conn, registry: Registry, raised: Sequence[Raised], received_at: datetime) -> int:
    """Store what rules raise; return how many are new."""
    signals = []
    for one in raised:
        device = await registry.speaker(conn, one.device)
        if device is not None:
            signals.append(_signal(device, one, received_at))
    return sum(is_new for _, is_new in await alarms.raise_(conn, signals))


def _signal(device: Known, one: Raised, received_at: datetime) -> Signal:
    return Signal(
        device,
        one.message_id,
        one.type,
        one.at,
        received_at,
        {"readings": one.evidence, "since": one.episode.isoformat()},
        rule=one.rule,
        severity=one.severity,
    )


def _is_judged(heard: Heard) -> bool:
    return heard.is_fresh and bool(heard.judged) and not heard.message.is_historical


def _seen(heard: Heard) -> Seen:
    lag = max(_NOTHING, heard.uplink.received_at - heard.observed_at)
    at = min(heard.observed_at, heard.uplink.received_at)
    return Seen(heard.device.as_device, at, lag.total_seconds(), heard.judged)


def _status(heard: Heard) -> Seen:
    values = {"online": bool(heard.message.is_online)}
    return Seen(heard.device.as_device, heard.uplink.received_at, 0.0, dict(values))
