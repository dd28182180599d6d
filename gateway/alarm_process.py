"""The alarms' lane in a process of its own: no burst of telemetry, no sweep stands before an SOS.

In one event loop an alarm waits whenever a batch of telemetry is decoded. A socket joins the two processes:
the child says through it whether it is subscribed, and ends when it closes, however its parent ended; a child
that dies alone is started again.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import uvloop

from core import log
from core.crypto import Keys
from core.db import Pool
from core.settings import Settings
from gateway import fresh, muting
from gateway.known import Registry
from gateway.listener import ALARMS, Gateway, Listener
from gateway.noise import Noise
from gateway.poison import AWAY

ROLE = "gateway alarms"
_AGAIN_S, _FAREWELL_S, _LAST_S = 1.0, 5.0, 2.0
_POOL = 2
_BLINK_S, _NOISE_S = 0.05, 5.0
_ALIVE_S, _HUNG_S, _STARTING_S = 1.0, 30.0, 120.0
_YES, _NO = b"1", b"0"


class AlarmProcess:
    """What the parent knows of it: as much as of a lane of its own."""

    def __init__(self) -> None:
        self.lane = ALARMS
        self.is_subscribed = False

    @property
    def has_caught_up(self) -> bool:
        """Say whether it hears what is said now; a backlog of alarms says nothing about who is silent."""
        return self.is_subscribed

    async def run(self) -> None:
        """Keep it running until cancelled."""
        while True:
            await self._once()
            log.get().error("gateway.alarms_ended")
            await asyncio.sleep(_AGAIN_S)

    async def _once(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway.alarm_process", stdin=theirs.fileno(), start_new_session=True
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            async with asyncio.timeout(_STARTING_S) as patience:
                while said := await reader.read(64):
                    patience.reschedule(asyncio.get_running_loop().time() + _HUNG_S)
                    self.is_subscribed = said.endswith(_YES)
        except TimeoutError:
            log.get().error("gateway.alarms_hang")
            child.kill()
        except OSError:
            pass  # it died with a word on its lips
        finally:
            self.is_subscribed = False
            writer.close()
            await _end(child)


async def _end(child: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(child.wait(), _FAREWELL_S)
    except TimeoutError:
        child.kill()
        await child.wait()


async def serve(settings: Settings, parent: socket.socket) -> None:
    """Serve the alarms' lane until the parent is gone."""
    dsn = settings.require_database()
    pool = await Pool.open(dsn, size=_POOL, name=ROLE, is_reset=False)
    alarm_pool = await Pool.open(dsn, size=_POOL, name=ROLE, is_reset=False)
    registry = Registry(ZoneInfo(settings.time_zone))
    gateway = _gateway(settings, pool, alarm_pool, registry)
    listener = Listener(gateway, ALARMS)
    await registry.refresh(pool, datetime.now(UTC))
    gc.freeze()  # the registry stays: a collection that walks it would be a pause for an alarm
    tasks = [
        asyncio.create_task(one)
        for one in (
            listener.run(),
            listener.note_seen(),
            fresh.follow(dsn, pool, registry),
            fresh.recollect(dsn, registry),
            _tell(listener, parent),
            _name_the_noisy(gateway),
        )
    ]
    parting = asyncio.create_task(_parted(parent))
    await asyncio.wait([parting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    # A cancel can be swallowed on the way (asyncio.wait_for): no orphan may live on in its successor's name.
    asyncio.get_running_loop().call_later(_LAST_S, os._exit, 1)
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            log.get().error("gateway.alarms_failed", error=repr(error)[:200])
    for task in (parting, *tasks):
        task.cancel()
    await asyncio.gather(parting, *tasks, return_exceptions=True)
    await alarm_pool.close()
    await pool.close()


def _gateway(settings: Settings, pool: Pool, alarm_pool: Pool, registry: Registry) -> Gateway:
    return Gateway(
        pool,
        registry,
        Keys.load_or_create(settings.keys_path),
        settings.require_mqtt(),
        settings.gateway_name,
        settings.batch_size,
        settings.shared_group,
        alarm_pool,
        Noise(settings.noise_rate, settings.noise_depth),
    )


async def _parted(parent: socket.socket) -> None:
    """Return when the parent is gone."""
    with contextlib.suppress(OSError):
        while await asyncio.get_running_loop().sock_recv(parent, 64):
            pass


async def _tell(listener: Listener, parent: socket.socket) -> None:
    """Say at every change whether the lane is subscribed, and every second that it lives."""
    said, at, loop = None, 0.0, asyncio.get_running_loop()
    while True:
        if said != listener.is_subscribed or loop.time() - at >= _ALIVE_S:
            said, at = listener.is_subscribed, loop.time()
            await loop.sock_sendall(parent, _YES if said else _NO)
        await asyncio.sleep(_BLINK_S)


async def _name_the_noisy(gateway: Gateway) -> None:
    """Tell now and then whose alarms were none, and too many."""
    while True:
        await asyncio.sleep(_NOISE_S)
        try:
            await muting.tick(gateway.pool, gateway.registry, gateway.keys, gateway.noise, datetime.now(UTC))
        except AWAY as error:
            log.get().warning("gateway.tick_failed", tick="noise", error=type(error).__name__)


def main() -> None:
    """Run as a child: standard input is the socket to the parent, which alone says when to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    settings = Settings.load()
    log.configure(settings.log_level, "gateway")
    parent = socket.socket(fileno=os.dup(0))
    parent.setblocking(False)
    uvloop.run(serve(settings, parent))


if __name__ == "__main__":
    main()
