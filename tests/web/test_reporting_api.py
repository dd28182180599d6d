"""What-ifs and reports over the API."""

from datetime import timedelta

from fastapi import FastAPI

from core.accounts import Person
from services.whatif import runs
from tests.dashboards.clients import client_of
from tests.dashboards.reporting import bodies
from tests.dispatch.worlds import World
from tests.makers import NOW

ASKED = bodies()["/what-ifs"]


async def test_a_what_if_is_begun_read_and_not_stopped_when_it_is_over(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    async with await client_of(app, everybody["clerk"]) as client:
        begun = await client.post("/api/v1/what-ifs", json=ASKED)
        address = f"/api/v1/what-ifs/{begun.json()['id']}"
        await runs.tick(world.worker, lambda: NOW + timedelta(seconds=1))
        found = (await client.get(address)).json()
        assert (begun.status_code, found["state"], found["result"]["total"]["paid"]) == (201, "done", "0.00")
        assert (await client.get("/api/v1/what-ifs?limit=1")).json()["items"][0]["id"] == begun.json()["id"]
        assert (await client.get(f"{address}/persons?who=lose")).json() == {"items": [], "next": None}
        assert (await client.post(f"{address}/stop")).status_code == 409
    async with await client_of(app, everybody["family"]) as client:
        assert (await client.get(address)).status_code == 403


async def test_figures_are_read_by_period_and_published_when_it_is_over(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    async with await client_of(app, everybody["approver"]) as client:
        assert (await client.get("/api/v1/indicators?period=2026H1")).json()["last_on"] == "2026-06-30"
        assert (await client.get("/api/v1/indicators?period=spring")).status_code == 422
        assert (await client.post("/api/v1/reports", json={"period": "2026H2"})).status_code == 409
        made = await client.post("/api/v1/reports", json={"period": "2026H1"})
        report = (await client.get(f"/api/v1/reports/{made.json()['id']}")).json()
        assert len((await client.get("/api/v1/reports")).json()["items"]) == 1
    assert (made.status_code, report["number"], len(report["sha256"])) == (201, 1, 64)
