"""What no thing model explains is kept, and shown to its own district."""

from datetime import timedelta

from core.db import Pool
from gateway import readings
from tests.gateway.worlds import Device, World
from tests.makers import NOW, make_district


async def test_an_unknown_name_is_kept_and_its_own_district_may_see_it(
    world: World, mat: Device, pool_web: Pool
) -> None:
    await world.hear(mat.says(in_bed=True, mood="calm"))
    other = await make_district(world.pool_owner, "341302")
    found = []
    for district in (world.district, other):
        async with pool_web.transaction(district) as conn:
            rows = await readings.extra_between(
                conn, [mat.id], NOW - timedelta(hours=1), NOW + timedelta(hours=1)
            )
        found.append([(row["name"], row["value"], row["why"]) for row in rows])
    assert found == [[("mood", "calm", "unknown_name")], []]
