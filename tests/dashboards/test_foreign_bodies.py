"""Ids of another district in the body of a request: they do not exist here, whoever sends them."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core.db import Pool
from dispatch import visits
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, make_caregiver, make_operator, make_world
from tests.makers import NOW

WINDOW = {"window_start": NOW.isoformat(), "window_end": NOW.isoformat(), "service": "clean"}
ACCOUNT = {"login": "x", "password": "long enough!", "name": "X"}
WATCH = {"thing_model": "watch_v1"}
FORM = {"items": {}, "adjustments": {}, "reason": "first", "assessed_on": "2026-11-01"}


@pytest.fixture
async def other(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, "341302")


async def _post(app: FastAPI, world: World, role: str, path: str, body: Any) -> int:
    async with await client_of(app, await make_operator(world, role)) as client:
        return (await client.post(f"/api/v1{path}", json=body)).status_code


async def _wanted(world: World) -> UUID:
    async with world.web.transaction(world.district) as conn:
        return await visits.want(
            conn,
            district=world.district,
            elder_id=world.elder,
            service="clean",
            window_start=NOW,
            window_end=NOW,
            now=NOW,
        )


async def test_an_id_of_another_district_in_a_body_is_not_found(
    app: FastAPI, world: World, other: World
) -> None:
    stranger = (await make_caregiver(other)).caregiver_id
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("duty_manager", "/visits", WINDOW | {"elder_id": str(other.elder)}),
        (
            "duty_manager",
            "/visits",
            WINDOW | {"elder_id": str(world.elder), "provider_id": str(other.provider)},
        ),
        ("duty_manager", f"/visits/{await _wanted(world)}/offer", {"caregiver_id": str(stranger)}),
        ("admin", f"/devices/{world.device}/bind", {"care_bed_id": str(other.bed)}),
        ("admin", "/accounts", ACCOUNT | {"role": "caregiver", "caregiver_id": str(stranger)}),
        ("admin", "/accounts", ACCOUNT | {"role": "provider_manager", "provider_id": str(other.provider)}),
        ("assessor", "/assessments", FORM | {"elder_id": str(other.elder)}),
        ("installer", "/devices", WATCH | {"care_bed_id": str(other.bed)}),
        (
            "installer",
            "/devices",
            WATCH | {"hub_id": str(other.device), "ecosystem": "tasmota", "address": "a"},
        ),
        ("installer", "/kits/bind", {"serial": "K-1", "claim_code": "AAAAAA", "care_bed_id": str(other.bed)}),
        ("admin", "/alarm-rules", {"rule": "no_motion", "params": {}, "elder_id": str(other.elder)}),
    ]
    for role, path, body in asked:
        assert await _post(app, world, role, path, body) == 404, (path, body)


async def test_a_device_that_speaks_for_itself_is_not_registered_under_anothers_id(
    app: FastAPI, world: World, other: World
) -> None:
    assert await _post(app, world, "installer", "/devices", WATCH | {"address": str(other.device)}) == 422
