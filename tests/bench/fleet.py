"""A page of the fleet of 100,000 devices: each order and filter, one far behind, a text that nothing fits."""

import os
import time
from collections.abc import AsyncIterator
from uuid import UUID

from core.db import Pool
from dashboards.web.fleet import listing
from deploy import bootstrap
from gateway.fleet import CONDITIONS, SORTS, Filter, Place
from tests.bench import stage
from tests.bench.figures import Figure
from tests.makers import NOW

DEVICES = int(os.environ.get("BENCH_FLEET", "100000"))
BAR_MS = 50.0
_TIMES = 9
_LIVE = """
INSERT INTO ingest.device_state (device_no, last_seen_at, observed_at, is_online, values, silent_since)
SELECT d.no, at, at, d.no % 97 <> 0,
  jsonb_build_object('battery', jsonb_build_array(d.no % 101, at), 'in_bed', jsonb_build_array(true, at)),
  CASE WHEN d.no % 89 = 0 THEN at END
FROM device d, LATERAL (SELECT $1::timestamptz - d.no % 7200 * interval '1 second') AS t (at)
WHERE d.no % 50 <> 0"""
_HALF = "SELECT label, device_no FROM ingest.fleet ORDER BY label, device_no OFFSET $1 LIMIT 1"
_READY = "VACUUM ANALYZE ingest.fleet, ingest.device_state, device"


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        district = await stage.settle_many(built, DEVICES)
        owner = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
        async with owner.transaction(district) as conn:
            await conn.execute(_LIVE, NOW)
            row = await conn.fetchrow(_HALF, DEVICES // 2)
        async with owner._pool.acquire() as conn:  # noqa: SLF001 - VACUUM runs in no transaction
            await conn.execute(_READY)
        await owner.close()
        assert row is not None
        far = listing.placed(Place(0.0, row["label"], row["device_no"]))
        web = await Pool.open(built.dsn(bootstrap.WEB), size=1)
        asked = {f"by_{sort}": (Filter(sort=sort), "") for sort in SORTS}
        asked |= {f"only_{one}": (Filter(condition=one), "") for one in CONDITIONS}
        asked |= {
            "model": (Filter(model="care_bed_v1", sort="seen"), ""),
            "text": (Filter(text="mat 7"), ""),
            "text_that_nothing_fits": (Filter(text="nothing like it"), ""),
            "page_in_the_middle": (Filter(), far),
        }
        for name, (wanted, after) in asked.items():
            took = await _page(web, district, wanted, after)
            yield Figure("fleet", f"{name}_p50", took, "ms", None, BAR_MS, took <= BAR_MS)
        await web.close()


async def _page(web: Pool, district: UUID, wanted: Filter, after: str) -> float:
    """Return how long a page takes, rows with all that is shown of them, in ms."""
    waits = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        async with web.transaction(district) as conn:
            await listing.page(conn, wanted, NOW, after)
        waits.append((time.perf_counter() - began) * 1000)
    return sorted(waits)[_TIMES // 2]
