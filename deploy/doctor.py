"""`yinling doctor`: what could be wrong with an installation, and what to do about it."""

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import asyncpg

from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from core.sql import load
from deploy import broker_limits, certificates, telephony
from deploy.emqx.api import Emqx
from deploy.migrate import FOLDERS
from devices.mqtt import LOST, Link
from dispatch.travel import opening

SQL = load(__file__)
_GIGABYTE = 1024**3
_LEAST_DISK = 2 * _GIGABYTE
_DRIFT = 2.0
_PROBE_BYTES = 200 * 1024
_PROBE_TOPIC = "yl/v1/doctor/receipt"  # nobody else listens there


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_well: bool
    words: str


@dataclass(frozen=True)
class Patient:
    """Where to look."""

    settings: Settings
    database_url: str | None
    mqtt_url: str | None
    why_not: str = ""


async def examine(patient: Patient) -> list[Finding]:
    """Look at everything; a look that fails is a finding itself."""
    looks: tuple[tuple[str, Callable[[Patient], Awaitable[str]]], ...] = (
        ("keys", _keys),
        ("disk", _disk),
        ("database", _database),
        ("clock", _clock),
        ("broker", _broker),
        ("queue", _queue),
        ("limits", _limits),
        ("certificates", _certificates),
        ("travel", _travel),
        ("telephony", _telephony),
    )
    return [await _look(what, look, patient) for what, look in looks]


async def _look(what: str, look: Callable[[Patient], Awaitable[str]], patient: Patient) -> Finding:
    try:
        async with asyncio.timeout(15):
            return Finding(what, is_well=True, words=await look(patient))
    except Failure as failure:
        return Finding(what, is_well=False, words=str(failure))
    except TimeoutError:
        return Finding(what, is_well=False, words="no answer in 15 s")


async def _travel(patient: Patient) -> str:
    return await opening.look(patient.settings)


async def _telephony(patient: Patient) -> str:
    pool = await _connect(patient)
    path = patient.settings.keys_path
    try:
        return await telephony.look(patient.settings, pool, Keys.load(path) if path.exists() else None)
    except asyncpg.PostgresError as error:
        raise Failure(f"the schema is not there ({error}): run `yinling migrate`") from error
    finally:
        await pool.close()


async def _keys(patient: Patient) -> str:
    path = patient.settings.keys_path
    Keys.load(path)
    return f"{path} is readable by its owner only"


async def _disk(patient: Patient) -> str:
    place = patient.settings.home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < _LEAST_DISK:
        raise Failure(
            f"{free / _GIGABYTE:.1f} GB free at {place}: make room, the database stops when it is full"
        )
    return f"{free / _GIGABYTE:.0f} GB free"


async def _connect(patient: Patient) -> Pool:
    if patient.database_url is None:
        raise Failure(patient.why_not)
    return await Pool.open(patient.database_url, size=1, name="doctor")


async def _database(patient: Patient) -> str:
    pool = await _connect(patient)
    try:
        async with pool.transaction() as conn:
            row = await conn.fetchrow(SQL.examine)
    except asyncpg.PostgresError as error:
        raise Failure(f"the schema is not there ({error}): run `yinling migrate`") from error
    finally:
        await pool.close()
    assert row is not None  # noqa: S101 - an aggregate has a row
    wanted = sum(len(list(folder.glob("*.sql"))) for folder in FOLDERS)
    if row["applied"] < wanted:
        raise Failure(f"{wanted - row['applied']} migrations are missing: run `yinling migrate`")
    if row["synchronous_commit"] == "off" or row["fsync"] == "off":
        raise Failure(
            "fsync or synchronous_commit is off: a receipt would promise what a power cut takes back"
        )
    return f"PostgreSQL {row['version']}, {row['applied']} migrations, {row['store']} for readings"


async def _clock(patient: Patient) -> str:
    pool = await _connect(patient)
    try:
        async with pool.transaction() as conn:
            there = await conn.fetchval(SQL.what_time)
    finally:
        await pool.close()
    drift = abs((datetime.now(UTC) - there).total_seconds())
    if drift > _DRIFT:
        raise Failure(f"this machine and the database are {drift:.0f} s apart: set both by NTP")
    return f"{drift * 1000:.0f} ms from the database"


def _broker_url(patient: Patient) -> str:
    if patient.mqtt_url is None:
        raise Failure(patient.why_not or "YINLING_MQTT_URL is not set")
    return patient.mqtt_url


async def _broker(patient: Patient) -> str:
    """Send a large message through, as a hub's device list is one."""
    url = _broker_url(patient)
    name = f"{unquote(urlsplit(url).username or '')}-doctor-{os.getpid()}"
    try:
        async with Link(url, name) as link, asyncio.timeout(5):
            await link.subscribe([_PROBE_TOPIC])
            began = time.perf_counter()
            await link.publish(_PROBE_TOPIC, bytes(_PROBE_BYTES))
            await link.take(1)
            took = time.perf_counter() - began
    except (*LOST, TimeoutError) as error:
        where = urlsplit(url).netloc.rpartition("@")[2]
        raise Failure(f"{where} refuses or does not answer: {error}") from error
    return f"{link.name} returns {_PROBE_BYTES // 1024} KiB in {took * 1000:.0f} ms"


async def _queue(patient: Patient) -> str:
    """Let more messages wait than a broker keeps by default."""
    count = broker_limits.PROBES
    found = await broker_limits.probe(_broker_url(patient), count)
    if found < count:
        raise Failure(
            f"of {count} messages for a gateway that is away {count - found} were dropped in silence:"
            " raise the broker's queue (docs/manual/brokers.md)"
        )
    return f"{count} messages for a gateway that is away are all kept"


async def _limits(patient: Patient) -> str:
    """Read the broker's configuration, where somebody has said where it is."""
    settings, looked, wrong = patient.settings, [], []
    if settings.mosquitto_conf is not None:
        try:
            text = settings.mosquitto_conf.read_text(encoding="utf-8")
        except OSError as error:
            raise Failure(f"cannot read {settings.mosquitto_conf}: {error.strerror}") from error
        looked.append(str(settings.mosquitto_conf))
        wrong += broker_limits.mosquitto(text)
    if settings.emqx_api_url is not None:
        looked.append("EMQX")
        wrong += broker_limits.emqx(await Emqx(settings.emqx_api_url.get_secret_value()).configuration())
    if wrong:
        raise Failure("; ".join(wrong))
    if not looked:
        return "the embedded broker has none; set YINLING_MOSQUITTO_CONF or YINLING_EMQX_API_URL for others"
    return f"{', '.join(looked)}: nothing is dropped"


async def _certificates(patient: Patient) -> str:
    """Warn before a certificate of our own authority ends."""
    folder = patient.settings.home / "ca"
    if not folder.is_dir():
        return "none of our own (`yinling ca init` makes them)"
    now = datetime.now(UTC)
    held = certificates.list_(folder)
    ending = [one for one in held if one.ends_at - now < certificates.SOON]
    if ending:
        words = ", ".join(f"{one.name} ({one.ends_at:%Y-%m-%d})" for one in ending)
        raise Failure(f"{words}: ends in less than {certificates.SOON.days} days: `yinling ca renew NAME`")
    return f"{len(held)} of our own, the first ends on {min(one.ends_at for one in held):%Y-%m-%d}"
