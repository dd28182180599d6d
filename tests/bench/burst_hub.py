"""An SOS of a hub's button behind a burst of telemetry of the same hub, beside a quiet day: until it is told.

Hubs get no receipts, so the doorbell of the table says when the alarm is there. Each button is pressed once:
a second press within half a minute is the same one for who numbers nothing.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg

from core.db import Pool
from deploy import bootstrap
from devices.mqtt import Link
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.presses import PATIENCE_S, p
from tests.bench.stage import Stage

BURST = int(os.environ.get("BENCH_BURST", "20000"))
SENSORS, BUTTONS, QUIET = 1_000, 2_000, 50
PAUSE_S, TIMES_QUIET = 0.05, 3.0
_HUB = "UPDATE device SET thing_model = 'hub_v1' WHERE name = 'mat' AND address = 'mat 1' RETURNING id"
_CHILDREN = """
INSERT INTO device (id, district_id, care_bed_id, thing_model, name, hub_id, ecosystem, address, created_at)
SELECT gen_random_uuid(), h.district_id, h.care_bed_id, $2, $2, h.id, 'zigbee2mqtt',
       $3 || lpad(nth::text, 5, '0'), h.created_at
FROM device h, generate_series(0, $4::int - 1) AS nth WHERE h.id = $1
"""


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        hub = await _settle(built)
        async with stage.gateway(built), Link(built.mqtt_url, "bench-hub") as link:
            presser = Presser(link, hub, await asyncpg.connect(built.dsn(bootstrap.GATEWAY)))
            quiet = await presser.press(lambda nth: nth >= QUIET)
            topic = f"eco/{hub}/zigbee2mqtt/{{device}}"
            burst = asyncio.create_task(stage.publish(built, BURST, "--topic", topic))
            behind = await presser.press(lambda _: burst.done())
            await burst
            await presser.close()
    bar = TIMES_QUIET * p(quiet, 1)
    yield Figure(
        "burst", "hub_alarm_worst", p(behind, 1), "ms", p(quiet, 1), TIMES_QUIET, p(behind, 1) <= bar
    )
    yield Figure("burst", "hub_alarm_p50", p(behind, 0.5), "ms", p(quiet, 0.5))


async def _settle(built: Stage) -> UUID:
    district = await stage.settle_many(built, 1)
    pool = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
    async with pool.transaction(district) as conn:
        hub: UUID = await conn.fetchval(_HUB)
        await conn.execute(_CHILDREN, hub, "care_bed_v1", "bed-", SENSORS)
        await conn.execute(_CHILDREN, hub, "sos_button_v1", "button-", BUTTONS)
    await pool.close()
    return hub


class Presser:
    """Presses one button after the other, and hears the doorbell."""

    def __init__(self, link: Link, hub: UUID, conn: asyncpg.Connection) -> None:
        self._link = link
        self._hub = hub
        self._conn = conn
        self._rung = asyncio.Event()
        self._next = 0

    async def press(self, is_enough: Callable[[int], bool]) -> list[float]:
        """Press until that is enough; return how long each alarm took, sorted."""
        await self._conn.add_listener("alarm", self._ring)
        waits: list[float] = []
        while not is_enough(len(waits)):
            self._rung.clear()
            began = time.perf_counter()
            topic = f"eco/{self._hub}/zigbee2mqtt/button-{self._next:05d}"
            self._next += 1
            self._link.send(topic, json.dumps({"action": "emergency", "battery": 90}).encode())
            async with asyncio.timeout(PATIENCE_S):
                await self._rung.wait()
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE_S)
        return sorted(waits)

    async def close(self) -> None:
        """Close the connection."""
        await self._conn.close()

    def _ring(self, *_about: object) -> None:
        self._rung.set()
