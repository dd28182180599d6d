"""Take messages through every stage in one transaction; reading `handle` is reading the protocol."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from core.crypto import Keys
from core.db import Conn
from devices.messages import Rejected
from gateway import alarms, commands, dead_letters, inbox, readings, receipts, rollups, states, traces
from gateway.heard import Heard, Uplink
from gateway.judging import judge
from gateway.known import Registry
from gateway.receipts import Receipt
from gateway.sorting import Batch, meet_strangers, sort

_LATE = timedelta(minutes=10)


async def handle(
    conn: Conn, registry: Registry, keys: Keys, uplinks: Sequence[Uplink], now: datetime
) -> list[Receipt]:
    """Store and judge messages; the receipts may be sent once this is committed."""
    batch = await sort(conn, registry, uplinks)
    await meet_strangers(conn, registry, batch, now)
    await keep_letters(conn, keys, batch)
    await traces.keep(conn, registry, keys, batch, now)
    await drop_duplicates(conn, batch, now)
    await raise_alarms(conn, batch)
    await store_readings(conn, batch, now)
    await apply_states(conn, batch, now)
    await commands.take_answers(conn, batch.results, now)
    await judge(conn, registry, batch)
    return batch.answers + answer(batch)


async def handle_again(conn: Conn, registry: Registry, uplink: Uplink, now: datetime) -> None:
    """Take one dead letter through the stages, or raise Rejected; its time is when it came."""
    batch = await sort(conn, registry, [uplink])
    for letter in batch.letters:
        raise Rejected(letter.reason, letter.field)
    if batch.strangers and not batch.said + batch.alarms + batch.statuses:
        raise Rejected("unknown_device")
    for heard in batch.said:
        heard.message.is_historical = heard.message.is_historical or now - uplink.received_at > _LATE
    await drop_duplicates(conn, batch, now)
    await raise_alarms(conn, batch)
    if any(heard.message.cancels is not None and heard.alarm_id is None for heard in batch.alarms):
        raise Rejected("unknown_alarm", "cancels")
    await store_readings(conn, batch, now)
    await apply_states(conn, batch, now)
    await judge(conn, registry, batch)


async def keep_letters(conn: Conn, keys: Keys, batch: Batch) -> None:
    """Keep what was not understood."""
    if batch.letters:
        await dead_letters.keep(conn, keys, batch.letters)


async def drop_duplicates(conn: Conn, batch: Batch, now: datetime) -> None:
    """Mark what is stored already; an alarm's own table says so for a native device's alarms."""
    first: dict[inbox.Key, Heard] = {}
    for heard in batch.said + [one for one in batch.alarms if one.message.hub is not None]:
        key = (heard.device.no, heard.key)
        if key in first:
            heard.is_fresh = False
        else:
            first[key] = heard
    if first:
        for key in await inbox.record(conn, list(first), now):
            first[key].is_fresh = False


async def raise_alarms(conn: Conn, batch: Batch) -> None:
    """Store the alarms that devices raised themselves; a cancel finds what was said before it."""
    waiting: list[Heard] = []
    for heard in batch.alarms:
        message = heard.message
        if message.cancels is None:
            waiting.append(heard)
            continue
        await _raise(conn, waiting)
        waiting = []
        heard.alarm_id, heard.is_fresh = await alarms.cancel(
            conn, heard.device, message.id, message.cancels, heard.observed_at
        )
    await _raise(conn, waiting)


async def _raise(conn: Conn, said: Sequence[Heard]) -> None:
    raised = await alarms.raise_(conn, [alarms.signal_of(heard) for heard in said])
    for heard, (alarm_id, is_new) in zip(said, raised, strict=True):
        heard.alarm_id = alarm_id
        if heard.message.hub is None:
            heard.is_fresh = (
                is_new  # a hub's may have been raised ahead of its turn: its values are new all the same
            )


async def store_readings(conn: Conn, batch: Batch, now: datetime) -> None:
    """Append every value of every new message; what is not of this hour is rolled again."""
    rows: list[readings.ReadingRow] = []
    extras: list[readings.ExtraRow] = []
    told: set[tuple[int, datetime]] = set()
    for heard in batch.said + batch.alarms:
        if heard.is_fresh:
            no, at = heard.device.no, heard.observed_at
            rows.extend([(no, at, value, metric) for metric, value in heard.readings])
            if heard.readings:
                told.add((no, at))
            extras.extend([(no, at, *extra) for extra in heard.extras])
    await readings.store(conn, rows, extras)
    await rollups.mark_late(conn, told, now)


async def apply_states(conn: Conn, batch: Batch, now: datetime) -> None:
    """Merge new values into the live state; an alarm without values waits for nobody (see `note_seen`)."""
    said: dict[int, states.Said] = {}
    for heard in batch.said + batch.alarms:
        if heard.is_fresh and (heard.alarm is None or heard.judged):
            _merge(said, heard, now)
    if said:
        await states.apply(conn, list(said.values()))
    for heard in batch.statuses:
        if not heard.uplink.is_retained:
            await states.mark_status(conn, heard.device, now, is_online=bool(heard.message.is_online))
    await commands.wake(conn, batch.statuses, now)


async def note_seen(conn: Conn, registry: Registry, names: Iterable[str], now: datetime) -> None:
    """Note that devices spoke, or hubs for them: after the receipts of alarms, which it must not delay."""
    found = [await registry.speaker(conn, name) for name in names]
    devices = [device for device in found if device is not None]
    if devices:
        await states.mark_seen(conn, devices, now)


def _merge(said: dict[int, states.Said], heard: Heard, now: datetime) -> None:
    device, received_at = heard.device, heard.uplink.received_at
    one = said.get(device.no)
    if one is None:
        one = states.Said(device, received_at, heard.observed_at, {}, states.silent_at(device, now))
        said[device.no] = one
    one.add(received_at, heard.observed_at, {} if heard.message.is_historical else _live(heard))
    if heard.is_skewed:
        one.skewed_at = now


def _live(heard: Heard) -> dict[str, object]:
    if not heard.extras:
        return dict(heard.judged)
    return {name: value for name, value in heard.message.values.items() if value is not None}


def answer(batch: Batch) -> list[Receipt]:
    """Say to each device what became of its message."""
    answers = []
    for heard in batch.alarms + batch.said + batch.statuses:
        if heard.message.cancels is not None and heard.alarm_id is None:
            wrong = Rejected("unknown_alarm", "cancels", heard.message.id, heard.message.reply)
            receipt = receipts.refusal(heard.uplink, wrong)
        else:
            receipt = receipts.of(heard)
        if receipt is not None:
            answers.append(receipt)
    return answers
