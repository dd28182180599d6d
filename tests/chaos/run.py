"""One run: devices speak, processes die, everything comes back, and then it is counted."""

import asyncio
import json
import os
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from deploy.embedded.postgres import HOST
from devices.mqtt import LOST, Link
from devices.registry import Credentials
from tests.chaos import ledger
from tests.chaos.devices import Device, Diary, Plain
from tests.chaos.ledger import Account, Strike
from tests.chaos.theatre import VICTIMS, Theatre, note
from tests.waiting import until, until_true

_LONG_S = 600.0
_CALM_S = 5.0
_PRESS_EVERY_S = 36.0  # a press within 30 s of another is the same press
_LINKED = "SELECT count(*) FROM case_alarm"


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    kills: int = int(os.environ.get("CHAOS_KILLS", "50"))
    seed: int = int(os.environ.get("CHAOS_SEED", "20261121"))
    devices: int = int(os.environ.get("CHAOS_DEVICES", "40"))
    alarms_a_second: float = float(os.environ.get("CHAOS_RATE", "200"))
    telemetry_a_second: float = float(os.environ.get("CHAOS_TELEMETRY", "200"))
    between_s: float = float(os.environ.get("CHAOS_BETWEEN", "4"))
    away_s: float = float(os.environ.get("CHAOS_AWAY", "60"))
    queue_s: float = float(os.environ.get("CHAOS_QUEUE", "15"))
    patience_s: float = float(os.environ.get("CHAOS_PATIENCE", "300"))


@dataclass
class Cast:
    """Who speaks."""

    diary: Diary = field(default_factory=Diary)
    devices: list[Device] = field(default_factory=list)
    plain: list[Plain] = field(default_factory=list)
    presses: dict[UUID, int] = field(default_factory=dict)
    is_pressing: bool = True

    def hush(self) -> None:
        """Nothing new is said; what is owed is said until it is answered."""
        self.is_pressing = False
        for one in self.devices:
            one.is_silent = True
        for one_plain in self.plain:
            one_plain.is_silent = True

    @property
    def owed(self) -> int:
        """How much still waits for its receipt."""
        return sum(len(one.outbox) for one in self.devices)


async def run(plan: Plan) -> Account:
    """Play it from beginning to end."""
    rng = random.Random(plan.seed)  # noqa: S311 - a run must be repeatable
    with tempfile.TemporaryDirectory(prefix="yinling-chaos-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ.setdefault("CHAOS_LOG", str(folder / "chaos.log"))
        theatre = await Theatre.build(folder)
        try:
            made, hub, buttons = await theatre.settle(plan.devices)
            await theatre.open()
            began, at = datetime.now(UTC), time.monotonic()
            async with _speaking(theatre, plan, rng, (made, hub, buttons)) as cast:
                strikes, watching = await _act(theatre, plan, rng, cast)
                cast.hush()
                await _quiet(theatre, cast, plan.patience_s)
                await _recovered(watching)
            figures = await ledger.account(_superuser(theatre), cast.diary, cast.presses)
            return Account(plan.seed, began, time.monotonic() - at, strikes, figures)
        finally:
            await theatre.close()


def _superuser(theatre: Theatre) -> str:
    return theatre.server.superuser.rpartition("/")[0] + "/yinling"


@asynccontextmanager
async def _speaking(
    theatre: Theatre,
    plan: Plan,
    rng: random.Random,
    people: tuple[list[Credentials], Credentials, list[UUID]],
) -> AsyncIterator[Cast]:
    made, hub, buttons = people
    cast = Cast(presses=dict.fromkeys(buttons, 0))
    alarms, telemetry = plan.alarms_a_second / len(made), plan.telemetry_a_second / len(made)
    tasks = []
    for nth, one in enumerate(made):
        url, own = theatre.device_url(one), random.Random(rng.random())  # noqa: S311 - repeatable
        if nth % 10 == 9:  # one in ten is of the kind that asks for no receipt
            plain = Plain(url, one.device_id, cast.diary, own)
            cast.plain.append(plain)
            tasks.append(asyncio.create_task(plain.live(telemetry)))
            continue
        device = Device(url, one.device_id, cast.diary, own)
        cast.devices.append(device)
        tasks.append(asyncio.create_task(device.live(alarms * 10 / 9, telemetry)))
    tasks.append(asyncio.create_task(_press(theatre.device_url(hub), hub.device_id, buttons, cast)))
    try:
        yield cast
    finally:
        for task in tasks:
            task.cancel()
        done, deaf = await asyncio.wait(
            tasks, timeout=10
        )  # a cancel may be swallowed (asyncio.wait_for of 3.11)
        note(f"{len(deaf)} speakers did not hear that it is over")
        for task in done:
            if not task.cancelled() and (problem := task.exception()) is not None:
                note(f"a speaker ended early: {problem!r}")
                raise problem


async def _press(url: str, hub: UUID, buttons: list[UUID], cast: Cast) -> None:
    """A hub passes presses on; the broker's acknowledgement is all that it waits for."""
    while cast.is_pressing:
        for nth, button in enumerate(buttons):
            with suppress(*LOST, TimeoutError):
                async with Link(url, str(hub), keepalive=10) as link, asyncio.timeout(5):
                    topic = f"eco/{hub}/zigbee2mqtt/button-{nth * 4}"
                    await link.publish(topic, json.dumps({"action": "emergency", "battery": 80}).encode())
                    cast.presses[button] += 1
        for _ in range(int(_PRESS_EVERY_S)):
            if cast.is_pressing:
                await asyncio.sleep(1)


async def _act(
    theatre: Theatre, plan: Plan, rng: random.Random, cast: Cast
) -> tuple[list[Strike], list[asyncio.Task[None]]]:
    """Kill, take the database away, restart the broker with its queue."""
    await asyncio.sleep(2)
    strikes: list[Strike] = []
    watching: list[asyncio.Task[None]] = []
    victims = [VICTIMS[nth % len(VICTIMS)] for nth in range(plan.kills)]
    rng.shuffle(victims)
    for nth, victim in enumerate(victims):
        if nth == plan.kills // 3 and plan.queue_s:
            await _queue(theatre, plan)
        if nth == 2 * plan.kills // 3 and plan.away_s:
            await _take_away(theatre, plan)
        await until_true(partial(_struck, theatre, victim), seconds=plan.patience_s)
        strikes.append(Strike(victim, time.monotonic()))
        note(f"killed {victim}")
        watching.append(asyncio.create_task(_watch(theatre, cast, strikes[-1])))
        await asyncio.sleep(rng.uniform(0.2, 2 * plan.between_s - 0.2))
    note("no more kills")
    await asyncio.sleep(_CALM_S)
    return strikes, watching


async def _recovered(watching: list[asyncio.Task[None]]) -> None:
    """End the watch: a strike that is then without recovery is one that nothing recovered from."""
    if watching:
        await asyncio.wait(watching, timeout=_CALM_S)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)


async def _struck(theatre: Theatre, victim: str) -> bool:
    return theatre.kill(victim)


async def _queue(theatre: Theatre, plan: Plan) -> None:
    """Let the broker's queue grow without a gateway, restart it in order, let the gateway return."""
    note("queue: gateway away")
    await theatre.roles["gateway"].stop()
    await asyncio.sleep(plan.queue_s)
    await theatre.broker.stop(signal.SIGTERM)
    await theatre.broker.start()
    theatre.roles["gateway"].start()


async def _take_away(theatre: Theatre, plan: Plan) -> None:
    note("database away")
    await theatre.database.stop()
    await asyncio.sleep(plan.away_s)
    server = theatre.database.server
    await server.start(keep_port=True)
    await theatre.database.start()


async def _watch(theatre: Theatre, cast: Cast, strike: Strike) -> None:
    """Find out when work goes on: an alarm made later has its receipt, or its case, or a page answers."""
    if strike.victim == "web":
        await _until_page(theatre)
    elif strike.victim == "dispatch":
        await _until_case(theatre)
    else:
        await until(lambda: cast.diary.last_made_of_receipt > strike.at, seconds=_LONG_S)
    strike.recovered = time.monotonic() - strike.at


async def _until_page(theatre: Theatre) -> None:
    await asyncio.sleep(0.2)
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get(f"http://{HOST}:{theatre.http_port}/healthz")).is_success:
                    return
            await asyncio.sleep(0.1)


async def _until_case(theatre: Theatre) -> None:
    """Wait until more alarms have their case than when this first looked, by a dispatcher that lives."""
    before = None
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            found = await _value(theatre, _LINKED)
            if before is not None and found > before and theatre.pid("dispatch") is not None:
                return
            before = found if before is None else before
        await asyncio.sleep(0.2)


async def _value(theatre: Theatre, query: str) -> int:
    conn = await asyncpg.connect(_superuser(theatre), timeout=5)
    try:
        return int(await conn.fetchval(query))
    finally:
        await conn.close()


async def _quiet(theatre: Theatre, cast: Cast, patience: float) -> None:
    """Wait until every device has its receipts, the broker's queue is read and the intake is empty."""
    with suppress(TimeoutError):  # what is then still owed is counted as lost
        async with asyncio.timeout(patience):
            await until(lambda: not cast.owed, seconds=patience)
            await _stand_still(theatre, "SELECT count(*) FROM ingest.inbox")
            await _empty(theatre, "SELECT count(*) FROM alarm_intake")
            await _empty(theatre, "SELECT count(*) FROM event WHERE number IS NULL")


async def _empty(theatre: Theatre, query: str) -> None:
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if await _value(theatre, query) == 0:
                return
        await asyncio.sleep(0.2)


async def _stand_still(theatre: Theatre, query: str) -> None:
    """Wait until a count has not moved for three seconds."""
    found, since = -1, time.monotonic()
    while time.monotonic() - since < 3:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if (now := await _value(theatre, query)) != found:
                found, since = now, time.monotonic()
        await asyncio.sleep(0.3)
