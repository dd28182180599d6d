from collections.abc import AsyncIterator

from fastapi import FastAPI

from core import heartbeats
from tests.dashboards.clients import anonymous, client_of
from tests.dashboards.things import make_everybody
from tests.dispatch.worlds import World
from tests.makers import NOW


async def test_it_is_ready_only_when_every_role_is(app: FastAPI, world: World) -> None:
    async with anonymous(app) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        for role in heartbeats.ROLES:
            await heartbeats.beat(world.web, role, NOW, ready=role != "gateway")
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["roles"]["gateway"]) == (503, False)
        await heartbeats.beat(world.gateway, "gateway", NOW)
        assert (await client.get("/readyz")).status_code == 200


async def test_metrics_are_not_on_the_public_port(app: FastAPI) -> None:
    async with anonymous(app) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_the_documentation_fetches_nothing_from_elsewhere(app: FastAPI) -> None:
    async with anonymous(app) as client:
        page = (await client.get("/docs")).text
        document = (await client.get("/openapi.json")).json()
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    for path in document["paths"]:
        assert path in page
    assert "/api/v1/events" in document["paths"]


async def test_the_meters_count_routes_and_never_ids(app: FastAPI, world: World) -> None:
    admin = (await make_everybody(world))["admin"]
    async with await client_of(app, admin) as client:
        await client.get(f"/api/v1/elders/{world.elder}")
    samples = [s for m in app.state.meters.registry.collect() for s in m.samples]
    routes = {s.labels["route"] for s in samples if "route" in s.labels}
    assert "/api/v1/elders/{elder_id}" in routes
    assert str(world.elder) not in str(routes)


async def test_a_body_that_is_too_large_is_refused_before_the_transaction(app: FastAPI, world: World) -> None:
    admin = (await make_everybody(world))["admin"]
    async with await client_of(app, admin) as client:
        answer = await client.post("/api/v1/accounts", content=b" " * 3_000_000)
        assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")
        unannounced = await client.post("/api/v1/accounts", content=_chunks())
        assert (unannounced.status_code, unannounced.json()["code"]) == (413, "payload_too_large")


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b" " * 1_000_000
