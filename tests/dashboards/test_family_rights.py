"""Rights of relatives: the table names every route that a family may call, and each right is asked for."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from core import consents, people, rights
from core.accounts import Person
from core.consents import Subject, Withdrawn
from dashboards import api, family_rights, web
from tests.dashboards.clients import client_of
from tests.dashboards.things import make_everybody, make_things
from tests.dispatch.worlds import World
from tests.makers import NOW

VERBS = {"GET", "POST"}
OF_ONE_ELDER = {"/api/v1/absences", "/api/v1/life-proofs"}
"""Lists that must be told whose."""


def open_to_families() -> set[tuple[str, str]]:
    """Return the routes whose roles (closed over by `allow`) hold `family`."""
    routers = [*api.ROUTERS, *(router for face in web.FACES for router in face.ROUTERS)]
    found = set()
    for route in (one for router in routers for one in router.routes if isinstance(one, APIRoute)):
        for needed in route.dependant.dependencies:
            kept = [cell.cell_contents for cell in getattr(needed.call, "__closure__", None) or ()]
            if any(isinstance(one, tuple) and "family" in one for one in kept):
                found |= {(verb, route.path) for verb in (route.methods or set()) & {*VERBS, "DELETE"}}
    return found


def test_every_route_that_a_family_may_call_says_which_right_it_needs() -> None:
    missing = {one for one in open_to_families() if one not in family_rights.ROUTES}
    assert {one for one in missing if one[0] in VERBS} == set()
    assert set(family_rights.ROUTES.values()) - {None} <= set(rights.RIGHTS)


def test_a_route_that_is_not_in_the_table_shows_nobody_and_head_asks_what_get_asks() -> None:
    assert family_rights.needed("GET", "/api/v1/something-new") == family_rights.UNKNOWN
    assert family_rights.needed("HEAD", "/api/v1/claims") == "bills"
    assert family_rights.needed("GET", "/family") is None


def test_of_events_a_relative_hears_what_a_right_in_force_carries() -> None:
    assert family_rights.hears("case.opened", frozenset({"alerts"}))
    assert not family_rights.hears("visit.started", frozenset({"alerts"}))
    assert family_rights.hears("consent.withdrawn", frozenset())


async def _set(world: World, held: tuple[str, ...]) -> None:
    async with world.web.transaction(world.district) as conn:
        [contact] = await people.contacts(conn, world.elder)
        await people.set_rights(conn, world.elder, contact["id"], held)


@pytest.fixture
async def everybody(world: World) -> dict[str, Person]:
    return await make_everybody(world)


@pytest.fixture
async def things(world: World, everybody: dict[str, Person]) -> dict[str, UUID]:
    return await make_things(world, everybody["caregiver"], everybody["assessor"])


def _address(path: str, ids: dict[str, UUID]) -> str:
    return path.format(**{name: str(value) for name, value in ids.items()})


async def _ask(client: httpx.AsyncClient, path: str, ids: dict[str, UUID]) -> httpx.Response:
    whose = {"elder_id": str(ids["elder_id"])} if path in OF_ONE_ELDER else None
    return await client.get(_address(path, ids), params=whose)


async def test_each_right_is_asked_for_by_every_route_that_needs_it(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    """Reading with all rights but one: what needs it is refused (of a list: empty), all else as before."""
    reads = {
        path: right
        for (verb, path), right in family_rights.ROUTES.items()
        if verb == "GET" and right is not None and ("GET", path) in open_to_families()
    }
    wrong = []
    async with await client_of(app, everybody["family"]) as client:
        await _set(world, rights.RIGHTS)
        before = {path: (await _ask(client, path, things)).status_code for path in reads}
        for withheld in rights.RIGHTS:
            await _set(world, tuple(one for one in rights.RIGHTS if one != withheld))
            for path, right in reads.items():
                answer = await _ask(client, path, things)
                is_named = "_id}" in path or path in OF_ONE_ELDER
                if right != withheld:
                    is_right = answer.status_code == before[path]
                elif is_named:
                    is_right = answer.status_code == 403
                else:
                    is_right = answer.status_code == 200 and str(things["elder_id"]) not in answer.text
                wrong += [] if is_right else [(withheld, path, answer.status_code, before[path])]
    assert not wrong, "\n".join(map(str, wrong))


async def test_without_order_a_relative_orders_nothing_and_without_decide_decides_nothing(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    writes = {
        path: right
        for (verb, path), right in family_rights.ROUTES.items()
        if verb == "POST" and right is not None and "_id}" in path and ("POST", path) in open_to_families()
    }
    await _set(world, ("bills",))
    async with await client_of(app, everybody["family"]) as client:
        for path, right in writes.items():
            answer = await client.post(_address(path, things), json={} if "/api/" in path else None)
            assert answer.status_code in (403, 422), (path, right, answer.status_code)
            assert answer.status_code == 403 or "/api/" in path, path


async def test_a_refused_form_shows_no_page_that_is_not_shared(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    """Who may order and decide, and nothing more, sends forms that are refused: no page comes back."""
    forms = {
        "/family/grade/{elder_id}/dispute": {},
        "/family/applications/{elder_id}": {"scheme_code": "none"},
        "/family/care/{elder_id}/orders": {"service": "none"},
        "/family/alert/{case_id}/safe": {"how": "none"},
    }
    await _set(world, ("order", "decide"))
    async with await client_of(app, everybody["family"]) as client:
        for path, form in forms.items():
            answer = await client.post(_address(path, things), data=form)
            assert answer.status_code in (403, 404), (path, answer.status_code)


async def test_a_withdrawn_consent_closes_charts_readings_and_open_streams_at_once(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    family = everybody["family"]
    address = f"/api/v1/devices/{world.device}/readings"
    async with await client_of(app, family) as client:
        assert (await client.get(address)).status_code == 200
        async with world.web.transaction(world.district) as conn:
            rows = await consents.history(conn, Subject(world.elder))
            vitals = next(row["id"] for row in rows if row["item"] == "vitals")
            back = Withdrawn("elder", "voice", "changed_mind", NOW)
            by: dict[str, Any] = {"district": world.district, "account": None, "now": NOW}
            await consents.withdraw(conn, vitals, back, **by)
        refused = await client.get(address)
        assert (refused.status_code, refused.json()["missing"]) == (403, "consent")
        assert (await client.get(f"/api/v1/devices/{world.device}/hours")).status_code == 403
        assert (await client.get("/api/v1/devices")).json()["items"] == []
        [elder] = (await client.get("/api/v1/elders")).json()["items"]
        assert elder["conditions"] == []


async def test_the_place_is_seen_with_right_and_consent_only(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    async with await client_of(app, everybody["family"]) as client:
        [with_it] = (await client.get("/api/v1/elders")).json()["items"]
        [bed] = (await client.get("/api/v1/care-beds")).json()["items"]
        assert None not in (with_it["lat"], bed["lat"])
        await _set(world, tuple(one for one in rights.RIGHTS if one != "location"))
        [without] = (await client.get("/api/v1/elders")).json()["items"]
        [bed] = (await client.get("/api/v1/care-beds")).json()["items"]
        assert (without["lat"], without["lon"], bed["lat"], bed["lon"]) == (None, None, None, None)
