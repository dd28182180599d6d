"""Tell what was muted: a technical alarm an episode, and one dead letter a minute with the count."""

from datetime import datetime

import msgspec

from core.crypto import Keys
from core.db import Conn, Pool
from gateway import alarms, dead_letters
from gateway.alarms import Signal
from gateway.dead_letters import Letter
from gateway.known import Known, Registry
from gateway.noise import Noise, Report

NOISY = "noisy"


async def tick(pool: Pool, registry: Registry, keys: Keys, noise: Noise, now: datetime) -> int:
    """Keep what is due; return how many speakers were named."""
    reports = noise.due(now)
    for report in reports:
        async with pool.transaction() as conn:
            await _tell(conn, registry, keys, report, now)
        noise.told(report, now)
    return len(reports)


async def _tell(conn: Conn, registry: Registry, keys: Keys, report: Report, now: datetime) -> None:
    device = await registry.speaker(conn, report.speaker)
    said = {"muted": report.count, "bytes": report.size, "since": report.since.isoformat()}
    letter = Letter(report.topic, msgspec.json.encode(said), now, NOISY, f"{report.count} messages")
    if device is not None:
        letter.device_id, letter.district_id = device.id, device.district
    await dead_letters.keep(conn, keys, [letter])
    if device is not None and report.is_new:
        await alarms.raise_(conn, [_alarm(device, report, now)])


def _alarm(device: Known, report: Report, now: datetime) -> Signal:
    evidence = [
        {
            "metric": "muted",
            "value": report.count,
            "observed_at": report.since.isoformat(),
            "device_id": device.text,
        }
    ]
    message_id = f"{NOISY}:{device.text}:{report.since.isoformat()}"
    return Signal(device, message_id, NOISY, report.since, now, {"readings": evidence}, rule=NOISY)
