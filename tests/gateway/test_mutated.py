"""Mutated messages of every ecosystem through the real pipeline: each is stored, taught, or a dead letter."""

import random
from collections import Counter

from devices import codecs
from devices.messages import IGNORED, LEARNED, Rejected
from gateway import pipeline
from gateway.heard import Uplink
from gateway.known import Registry
from tests.fuzz import mutations, seeds
from tests.gateway.worlds import Device, World, add_device
from tests.makers import NOW

COUNT, BATCH = 1_000, 50


def _mutants(hub: str, native: str) -> list[Uplink]:
    rng = random.Random(11)  # noqa: S311 - repeatable on purpose
    everything = [seed for found in seeds.by_ecosystem().values() for seed in found]
    made = []
    for _ in range(COUNT):
        topic, payload = mutations.mutated(rng, *rng.choice(everything))
        topic = topic.replace("eco/hub/", f"eco/{hub}/", 1).replace("yl/v1/d/", f"yl/v1/{native}/", 1)
        made.append(Uplink(topic, payload, NOW))
    return made


async def test_each_mutant_is_stored_or_taught_or_a_dead_letter(world: World, mat: Device) -> None:
    hub = await add_device(world, "hub_v1")
    registry = Registry()
    tally: Counter[str] = Counter()
    uplinks = _mutants(str(hub.id), str(mat.id))
    for start in range(0, COUNT, BATCH):
        batch = uplinks[start : start + BATCH]
        async with world.pool_gateway.transaction() as conn:
            for uplink in batch:
                tally[await _expected(registry, uplink)] += 1
            await pipeline.handle(conn, registry, world.keys, batch, NOW)
    (letters,) = await world.rows(
        "SELECT count(DISTINCT (topic, payload_sealed)) AS n FROM ingest.dead_letter"
    )
    # A message that its own batch has explained meanwhile is no letter: those few are the difference allowed.
    assert letters["n"] >= (tally["letter"] + tally["refused"]) * 0.98
    assert min(tally["letter"], tally["refused"]) > COUNT / 5
    assert tally["quiet"] > COUNT / 100
    assert len(await world.rows("SELECT 1 FROM ingest.hub_memory")) > 10


async def _expected(registry: Registry, uplink: Uplink) -> str:
    """Say by the codec alone what must become of a message of nobody registered but the hub and the mat."""
    try:
        said = codecs.decode(uplink.topic, uplink.payload, NOW, registry.memory.recall)
    except Rejected:
        return "refused"
    spoken = [one for one in said if one.kind not in {IGNORED, LEARNED, "answer"}]
    if any(one.hub is not None for one in spoken):
        return "letter"
    return "native" if spoken else "quiet"
