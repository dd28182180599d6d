"""The roster over HTTP: what the table of roles does not say."""

from typing import Any

from fastapi import FastAPI

from core import districts
from core.db import Pool
from tests.dashboards.clients import client_of
from tests.dashboards.things import make_everybody
from tests.dispatch.worlds import World, make_caregiver

API = "/api/v1"
SPAN = {"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T08:00:00Z"}


async def test_two_caregivers_swap_a_shift_and_a_manager_approves(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    taker = await make_caregiver(world, "taker", on_shift=False)
    giver, manager = everybody["caregiver"], everybody["provider_manager"]
    async with await client_of(app, manager) as client:
        made = await client.post(f"{API}/shifts", json={"caregiver_id": str(giver.caregiver_id), **SPAN})
    shift = made.json()["id"]
    async with await client_of(app, giver) as client:
        asked = {"shift_id": shift, "taker_id": str(taker.caregiver_id)}
        swap = (await client.post(f"{API}/swaps", json=asked)).json()["id"]
        assert (await client.post(f"{API}/swaps/{swap}/take")).status_code == 403
    async with await client_of(app, taker) as client:
        assert (await client.post(f"{API}/swaps/{swap}/take")).json()["state"] == "taken"
    async with await client_of(app, manager) as client:
        assert (await client.post(f"{API}/swaps/{swap}/approve")).json()["state"] == "approved"
        row = (await client.get(f"{API}/shifts/{shift}")).json()
    assert row["caregiver_id"] == str(taker.caregiver_id)


async def test_a_caregiver_asks_for_leave_for_nobody_else(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    other = await make_caregiver(world, "other", on_shift=False)
    leave = {**SPAN, "kind": "annual"}
    async with await client_of(app, everybody["caregiver"]) as client:
        foreign = {**leave, "caregiver_id": str(other.caregiver_id)}
        assert (await client.post(f"{API}/leaves", json=foreign)).status_code == 404
        made = (await client.post(f"{API}/leaves", json=leave)).json()["id"]
        (row,) = (await client.get(f"{API}/leaves")).json()["items"]
        assert (row["id"], row["state"]) == (made, "asked")
        assert (await client.post(f"{API}/leaves/{made}/approve")).status_code == 403
        assert (await client.post(f"{API}/leaves/{made}/withdraw")).json()["state"] == "withdrawn"


async def test_a_full_provider_refuses_another_visit_by_name(
    app: FastAPI, world: World, pool_owner: Pool
) -> None:
    everybody = await make_everybody(world)
    async with pool_owner.transaction() as conn:
        await districts.create_region(conn, "370503", "county", None)
    line: dict[str, Any] = {"provider_id": str(world.provider), "service": "meal", "region_code": "370503"}
    visit = {"elder_id": str(world.elder), "service": "meal", "provider_id": str(world.provider)}
    visit |= {"window_start": "2026-12-01T03:00:00Z", "window_end": "2026-12-01T04:00:00Z"}
    async with await client_of(app, everybody["admin"]) as client:
        made = await client.post(f"{API}/coverage", json={**line, "capacity": 1, "valid_from": "2026-01-01"})
        assert made.status_code == 201
        assert (await client.post(f"{API}/visits", json=visit)).status_code == 201
        full = await client.post(f"{API}/visits", json=visit)
        assert (full.status_code, full.json()["code"], full.json()["capacity"]) == (409, "capacity_used", 1)
        bath = await client.post(f"{API}/visits", json={**visit, "service": "bath"})
        assert (bath.status_code, bath.json()["code"]) == (409, "area")
