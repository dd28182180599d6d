"""Every route, every role, the own district and another: the allowed list exactly."""

import json
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from core.db import Pool
from core.errors import Problem
from dashboards import api, vocabulary
from dashboards.auth import Guarded
from tests import makers
from tests.dashboards import (
    asking,
    auditing,
    care,
    duties,
    eligibility,
    guarding,
    paying,
    relating,
    reporting,
    sampling,
)
from tests.dashboards.allowed import ALL, ALLOWED, BODIES
from tests.dashboards.clients import anonymous, client_of
from tests.dashboards.things import make_everybody, make_things
from tests.dispatch.worlds import World, make_world

API = "/api/v1"
PUBLIC = {("POST", "/session"), ("DELETE", "/session")}
PUBLIC |= {("POST", "/session/code"), ("POST", "/session/code/confirm")}


def routes(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for path, verbs in app.openapi()["paths"].items():
        assert path.startswith(API), path
        found |= {(verb.upper(), path.removeprefix(API)) for verb in verbs}
    return found


def body_of(path: str, ids: dict[str, UUID]) -> dict[str, Any]:
    more = {
        "/visits": {
            "elder_id": ids["elder_id"],
            "service": "meal",
            "window_start": "2026-11-22T03:00:00Z",
            "window_end": "2026-11-22T04:00:00Z",
        },
        "/incidents/acknowledge": {"case_ids": [ids["case_id"]]},
        "/incidents/{incident_id}/contact": {"elder_id": ids["elder_id"], "result": "answered"},
        "/visits/{visit_id}/offer": {"caregiver_id": ids["caregiver_id"]},
        "/devices/{device_id}/bind": {"care_bed_id": ids["care_bed_id"]},
        "/unknown-devices/{unknown_device_id}/adopt": {"thing_model": "sos_button_v1"},
        "/kits/bind": {"serial": "KIT-1", "claim_code": "ABC-123", "care_bed_id": ids["care_bed_id"]},
        "/assessments": {"elder_id": ids["elder_id"]},
        "/visits/{visit_id}/move": {"caregiver_id": ids["caregiver_id"], "starts_at": "2026-11-22T03:00:00Z"},
        "/plans": {"date": "2026-11-23", "seconds": 1},
        "/repairs": {
            "trigger": {"kind": "late", "caregiver_id": ids["caregiver_id"], "minutes": 30},
        },
        **_roster_bodies(ids),
        **care.bodies(ids),
        **eligibility.bodies(ids),
        **guarding.bodies(ids),
        **paying.bodies(ids),
        **duties.bodies(ids),
        **relating.bodies(ids),
        **auditing.bodies(ids),
        **reporting.bodies(),
        **sampling.bodies(ids),
        **asking.BODIES,
    }
    found: dict[str, Any] = json.loads(json.dumps({**BODIES, **more}.get(path, {}), default=str))
    return found


def _roster_bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    span = {"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T08:00:00Z"}
    shift = {"caregiver_id": ids["caregiver_id"], **span}
    week = {"monday": "2026-11-16", "to": "2026-11-23"}
    return {
        "/caregivers": {
            "provider_id": ids["provider_id"],
            "name": "n",
            "gender": "male",
            "skills": ["care"],
            "lat": 37.8,
            "lon": 118.5,
        },
        "/caregivers/{caregiver_id}/end": {"is_confirmed": False},
        "/shifts": shift,
        "/shifts/copy-week": {"provider_id": ids["provider_id"], **week},
        "/shifts/{shift_id}/move": shift,
        "/shift-patterns": {
            "caregiver_id": ids["caregiver_id"],
            "weekdays": [1],
            "starts": "08:00",
            "minutes": 480,
            "valid_from": "2026-12-01",
        },
        "/leaves": {**shift, "kind": "annual"},
        "/swaps": {"shift_id": ids["shift_id"], "taker_id": ids["colleague_id"]},
        "/wishes": {"elder_id": ids["elder_id"], "kind": "prefer", "caregiver_id": ids["caregiver_id"]},
        "/coverage": {
            "provider_id": ids["provider_id"],
            "region_code": "370503",
            "valid_from": "2026-12-01",
        },
    }


async def ask(client: httpx.AsyncClient, verb: str, path: str, ids: dict[str, UUID]) -> httpx.Response:
    url = API + path.format(**ids)
    span = {"from": "2026-11-20T00:00:00Z", "to": "2026-11-27T00:00:00Z"} if path == "/shifts" else None
    body = body_of(path, ids) if verb == "POST" else None
    return await client.request(verb, url, json=body, params=span if verb == "GET" else None)


def test_every_route_has_an_entry_and_every_entry_a_route(app: FastAPI) -> None:
    assert routes(app) == set(ALLOWED) | PUBLIC | {("GET", "/events")}


async def test_nobody_gets_anything_without_a_session(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    ids = await make_things(world, everybody["caregiver"], everybody["assessor"])
    async with anonymous(app) as client:
        for verb, path in sorted(ALLOWED):
            assert (await ask(client, verb, path, ids)).status_code == 401, (verb, path)


async def test_every_role_may_do_exactly_what_the_list_says(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    ids = await make_things(world, everybody["caregiver"], everybody["assessor"])
    wrong = []
    for role in sorted(ALL):
        async with await client_of(app, everybody[role]) as client:
            for verb, path in sorted(ALLOWED.keys() - ENDS):
                status = (await ask(client, verb, path, ids)).status_code
                may = role in ALLOWED[verb, path]
                if (role, status) == ("installer", 404) and path.endswith("/adopt"):
                    continue  # the administrator has adopted it already
                if (status in (401, 403, 404) or status >= 500) if may else status != 403:
                    wrong.append((role, verb, path, status))
    assert not wrong, "\n".join(map(str, wrong))
    for verb, path in sorted(ENDS):
        first, *others = sorted(ALLOWED[verb, path])
        for role in (*sorted(ALL - {first, *others}), first, *others):
            async with await client_of(app, everybody[role]) as client:
                status = (await ask(client, verb, path, ids)).status_code
            # 401: who was ended above, as the caregiver is, has no session any more
            fits = {first: status < 300} | dict.fromkeys(others, status < 300 or status in (404, 409))
            assert fits.get(role, status in (401, 403)), (role, verb, path, status)


ENDS = {
    ("POST", "/duty-shifts/{duty_shift_id}/remove"),
    ("POST", "/elders/{elder_id}/relatives/{member_id}/end"),
}
"""What is not there any more afterwards: asked last, and done by the first who may."""


FILTERS = (
    ("/cases", "elder_id"),
    ("/visits", "elder_id"),
    ("/visits", "caregiver_id"),
    ("/visits", "case_id"),
    ("/claims", "visit_id"),
    ("/claims", "elder_id"),
    ("/claims", "statement_id"),
    ("/care-beds", "elder_id"),
    ("/entitlements", "elder_id"),
    ("/assessments", "elder_id"),
    ("/caregivers", "provider_id"),
    ("/leaves", "caregiver_id"),
    ("/swaps", "provider_id"),
    ("/wishes", "elder_id"),
    ("/coverage", "provider_id"),
    ("/alarm-rules", "elder_id"),
    ("/alarm-rules/in-force", "elder_id"),
    ("/alarms", "device_id"),
    ("/alarms", "elder_id"),
    ("/devices", "care_bed_id"),
    ("/devices", "elder_id"),
    ("/guardianships", "elder_id"),
    ("/shift-patterns", "caregiver_id"),
    ("/shift-patterns", "provider_id"),
    ("/notices", "case_id"),
    ("/assessment-wants", "elder_id"),
    ("/assessment-wants", "assessor_id"),
    ("/assessment-disputes", "elder_id"),
    ("/allowances/{allowance_id}/lines", "elder_id"),
    *care.FILTERS,
    *eligibility.FILTERS,
    *paying.FILTERS,
    *duties.FILTERS,
    *relating.FILTERS,
    *auditing.FILTERS,
    *sampling.FILTERS,
)


async def test_nothing_of_another_district_exists(
    app: FastAPI, world: World, pool_owner: Pool, pool_worker: Pool, pool_gateway: Pool
) -> None:
    everybody = await make_everybody(world)
    ids = await make_things(world, everybody["caregiver"], everybody["assessor"])
    other = await make_world(pool_owner, world.web, pool_worker, pool_gateway, world.keys, "341302")
    wrong = []
    for role, person in (await make_everybody(other)).items():
        async with await client_of(app, person) as client:
            for verb, path in sorted(ALLOWED):
                answer = await ask(client, verb, path, ids)
                hidden = (
                    (404,) if role in ALLOWED[verb, path] or not path.startswith("/unknown") else (404, 403)
                )
                if ("{" in path and answer.status_code not in hidden) or str(world.district) in answer.text:
                    wrong.append((role, verb, path, answer.status_code))
            for path, name in FILTERS:
                answer = await client.get(API + path.format(**ids), params={name: str(ids[name])})
                if answer.status_code != 404:
                    wrong.append((role, "GET", f"{path}?{name}=", answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


async def test_a_family_sees_its_own_elder_only(app: FastAPI, world: World) -> None:
    family = (await make_everybody(world))["family"]
    async with world.web.transaction(world.district) as conn:
        neighbour = await makers.make_elder(conn, world.keys, world.district)
    async with await client_of(app, family) as client:
        items = (await client.get(f"{API}/elders")).json()["items"]
        assert [item["id"] for item in items] == [str(world.elder)]
        for url in (f"/elders/{neighbour}", f"/cases?elder_id={neighbour}", f"/claims?elder_id={neighbour}"):
            assert (await client.get(API + url)).status_code == 404, url


def test_every_problem_has_words() -> None:
    codes = {kind.code for kind in Problem.__subclasses__()} | {Problem.code}
    assert codes <= set(vocabulary.TABLES["problems"])


def test_every_api_route_runs_in_one_transaction() -> None:
    loose = {
        (verb, route.path.removeprefix(API))
        for router in api.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and not isinstance(route, Guarded)
        for verb in route.methods or ()
    }
    assert loose == PUBLIC
