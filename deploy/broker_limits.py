"""What a broker may drop: read from its configuration (pure), and tried on the broker itself.

An alarm is safe by its receipt; telemetry, and what hubs say, hangs on these limits.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from core.errors import Failure
from devices.mqtt import LOST, Link

PAYLOAD = 256 * 1024
"""A hub's list of its devices is as large as this."""
QUEUE = 1_000_000
"""Messages that wait for a gateway which is away: a quarter of an hour at 1,000 a second."""
PROBES = 1_500
"""More than the 1,000 that Mosquitto and EMQX keep unless they are told otherwise."""
_TOPIC = "yl/v1/doctor/receipt"  # nobody else listens there
_AT_ONCE = 250
_DAY = 86_400
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": _DAY, "w": 7 * _DAY}
_SIZES = {"kb": 1024, "mb": 1024**2, "gb": 1024**3}


def mosquitto(text: str) -> list[str]:
    """Say what is wrong with a Mosquitto configuration, an empty list when nothing is."""
    given = _options(text)

    def number(name: str, default: int) -> int:
        return int(given.get(name, str(default)))

    queued, inflight = number("max_queued_messages", 1000), number("max_inflight_messages", 20)
    size = number("message_size_limit", 0) or number("max_packet_size", 0)
    autosave = number("autosave_interval", 1800)
    wrong = {
        f"max_queued_messages is {queued}: more are dropped in silence; set {QUEUE * 1000}": 0
        < queued
        < QUEUE,
        f"max_queued_messages is {queued}: Mosquitto 2.0 then ends who says one thing on a foreign topic;"
        f" set {QUEUE * 1000}": queued == 0,
        "max_queued_bytes limits the queue: set 0": number("max_queued_bytes", 0) > 0,
        f"max_inflight_messages is {inflight}: a gateway that acknowledges after its commit needs 1000": 0
        < inflight
        < 1000,  # noqa: PLR2004 - what is said beside it
        f"a message may have {size} bytes, a hub's list has more: set {PAYLOAD}": 0 < size < PAYLOAD,
        "persistence is off: a restart forgets what waits": given.get("persistence") != "true",
        f"autosave_interval is {autosave} s: a crash forgets as much; set 60": autosave > 60  # noqa: PLR2004
        or autosave == 0,
        "persistent_client_expiration ends the gateway's session while it is away: leave it out": (
            "persistent_client_expiration" in given
        ),
        "per_listener_settings is false: a device that is added after a restart costs what is said while the"
        " gateway is away; set true, and give the services a listener without acl_file": "acl_file" in given
        and given.get("per_listener_settings") != "true",
        "allow_anonymous is true: anybody speaks in any name": given.get("allow_anonymous") == "true",
        "no listener has use_username_as_clientid: a device can end another's session": (
            given.get("use_username_as_clientid") != "true"
        ),
        "set_tcp_nodelay is off: an alarm waits 40 ms": given.get("set_tcp_nodelay") != "true",
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]


def _options(text: str) -> dict[str, str]:
    lines = (line.strip().split(None, 1) for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {words[0]: words[1] if len(words) > 1 else "" for words in lines if words}


def emqx(config: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with EMQX's `mqtt`, `authorization` and `durable_sessions` (its HTTP API's JSON)."""
    mqtt = config.get("mqtt", {})
    queued = mqtt.get("max_mqueue_len", 1000)
    expiry = _seconds(mqtt.get("session_expiry_interval", "2h"))
    size = _bytes(mqtt.get("max_packet_size", "1MB"))
    inflight = mqtt.get("max_inflight", 32)
    wrong = {
        f"mqtt.max_mqueue_len is {queued}: more are dropped; set infinity": not _is_many(queued, QUEUE),
        f"mqtt.session_expiry_interval is {expiry:.0f} s: set 7d": expiry < _DAY,
        f"mqtt.max_inflight is {inflight}: set 1000": not _is_many(inflight, 1000),
        f"mqtt.max_packet_size is {size} bytes: set 256KB or more": size < PAYLOAD,
        "authorization.no_match is not deny": config.get("authorization", {}).get("no_match") != "deny",
        "authorization.cache is on: a revoked device keeps its topics for a while; set enable = false": (
            config.get("authorization", {}).get("cache", {}).get("enable") is not False
        ),
        "durable_sessions is off: a crash forgets what waits": (
            config.get("durable_sessions", {}).get("enable") is not True
        ),
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]


def _is_many(value: object, least: int) -> bool:
    return value == "infinity" or (isinstance(value, int) and (value == 0 or value >= least))


def _seconds(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    text = str(value).lower()
    unit = text.lstrip("0123456789.")
    return float("inf") if text == "infinity" else float(text[: len(text) - len(unit)]) * _UNITS.get(unit, 1)


def _bytes(value: object) -> int:
    text = str(value).lower()
    unit = text.lstrip("0123456789.")
    return int(float(text[: len(text) - len(unit)]) * _SIZES.get(unit, 1))


async def probe(url: str, count: int = PROBES) -> int:
    """Let messages queue for a session that is away, and return how many came back; leave nothing behind."""
    name = f"{unquote(urlsplit(url).username or 'doctor')}-doctor-{os.getpid()}"
    reader, writer = f"{name}-reader", f"{name}-writer"
    try:
        async with Link(url, reader, clean=True):
            pass  # an older session of this name is gone
        async with Link(url, reader, clean=False) as link:
            await link.subscribe([_TOPIC], seconds=5)
        async with Link(url, writer) as link:
            await _send(link, count)
        async with Link(url, reader, clean=False) as link:
            found = await _collect(link, count)
        async with Link(url, reader, clean=True):
            pass
    except LOST as error:
        raise Failure(f"the broker refuses or does not answer: {error}") from error
    return found


async def _send(link: Link, count: int) -> None:
    for first in range(0, count, _AT_ONCE):
        some = range(first, min(first + _AT_ONCE, count))
        await asyncio.gather(*(link.publish(_TOPIC, str(nth).encode()) for nth in some))


async def _collect(link: Link, count: int) -> int:
    seen: set[bytes] = set()
    while len(seen) < count:
        try:
            async with asyncio.timeout(2):
                messages = await link.take(1000)
        except TimeoutError:
            break
        seen.update(one.payload for one in messages)
        link.acknowledge(messages)
    return len(seen)
