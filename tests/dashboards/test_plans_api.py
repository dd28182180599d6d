"""A day planned, repaired and moved by hand, over HTTP."""

from uuid import UUID

from fastapi import FastAPI

from core.ids import new_id
from dispatch import providers
from tests.dashboards.clients import client_of
from tests.dispatch.plan_days import ON
from tests.dispatch.plan_worlds import at, compute, make_carer, want
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW, make_person


async def test_a_day_is_planned_accepted_and_moved_by_its_provider_alone(app: FastAPI, world: World) -> None:
    anna = await make_carer(world, "anna")
    one = await want(world, "09:00", "11:00", provider_id=world.provider)
    async with world.web.transaction(world.district) as conn:
        rival = await providers.create(
            conn, world.keys, district=world.district, name="rival", phone=None, now=NOW
        )
        mine = await make_person(conn, world.district, "provider_manager", provider=world.provider)
        other = await make_person(conn, world.district, "provider_manager", provider=rival)
    async with await client_of(app, mine) as desk, await client_of(app, other) as foreign:
        asked = await desk.post("/api/v1/plans", json={"date": ON.isoformat(), "seconds": 0.3, "seed": 4})
        assert (asked.status_code, asked.json()["state"]) == (201, "computing")
        plan = f"/api/v1/plans/{asked.json()['id']}"
        assert (await desk.post(f"{plan}/accept")).json()["code"] == "plan_empty"
        await compute(world, UUID(asked.json()["id"]))
        shown = (await desk.get(plan)).json()
        assert (shown["state"], shown["items"][0]["caregiver_id"]) == ("ready", str(anna.caregiver_id))
        assert "%" not in shown["items"][0]["why"]["chosen"]["says"]
        assert (await foreign.get(plan)).status_code == 404
        assert (await foreign.post(f"{plan}/accept")).status_code == 404
        assert (await foreign.get("/api/v1/plans")).json()["items"] == []
        assert (await desk.post(f"{plan}/accept")).json()["state"] == "accepted"
        assert (await desk.post(f"{plan}/discard")).json()["code"] == "plan_state"
        move = {"caregiver_id": str(anna.caregiver_id), "starts_at": at("12:00").isoformat()}
        looked = await desk.post(f"/api/v1/visits/{one}/move", json={**move, "dry_run": True})
        assert not looked.json()["done"]
        assert "outside_window" in [found["code"] for found in looked.json()["breaches"]]
        assert (await desk.post(f"/api/v1/visits/{one}/move", json=move)).json()["done"]
        assert (await desk.get(f"/api/v1/visits/{one}")).json()["planned_start"] == "2026-11-23T04:00:00Z"
        assert (await foreign.post(f"/api/v1/visits/{one}/move", json=move)).status_code == 404
        called = {"trigger": {"kind": "cancelled", "visit_id": str(one), "on": ON.isoformat()}}
        assert (await foreign.post("/api/v1/repairs", json=called)).status_code == 404
        assert (await desk.post("/api/v1/repairs", json=called)).json()["cause"] == "repair"


async def test_what_is_wrong_with_a_repair_is_named(app: FastAPI, world: World) -> None:
    async with await client_of(app, await make_operator(world, "duty_manager")) as desk:
        nobody = {"kind": "late", "caregiver_id": str(new_id()), "minutes": 30}
        assert (await desk.post("/api/v1/repairs", json={"trigger": nobody})).status_code == 404
        empty = await desk.post("/api/v1/repairs", json={"trigger": {"kind": "cancelled"}})
        assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "trigger.visit_id")
        assert (await desk.post("/api/v1/plans", json={"date": "1800-01-01"})).status_code == 422
