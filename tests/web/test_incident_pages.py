"""Incidents and the technical queue on the pages: people called one by one, many acknowledged at once."""

import io
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from dispatch import cases, incidents, ticks
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import Neighbour, World, case_of, lose, make_neighbour, make_operator
from tests.makers import NOW
from tests.web.conftest import CountingPool

HTMX = {"HX-Request": "true"}
MOST = 12


@pytest.fixture
async def homes(world: World) -> list[Neighbour]:
    return [await make_neighbour(world, metres=20.0 * nth) for nth in range(3)]


async def cut(world: World, homes: list[Neighbour]) -> tuple[UUID, list[UUID]]:
    """Cut the homes off; return the incident and their own cases."""
    alarms = [await lose(world, one) for one in homes]
    await ticks.intake(world.worker, NOW + timedelta(minutes=1))
    async with world.web.transaction(world.district) as conn:
        (row,) = await incidents.list_(conn, is_open=True)
    return row["id"], [await case_of(world, one) for one in alarms]


async def test_an_incident_is_one_row_of_the_queue_and_its_page_lists_the_people(
    app: FastAPI, world: World, homes: list[Neighbour], counting: CountingPool
) -> None:
    incident, own = await cut(world, homes)
    async with await client_of(app, await make_operator(world)) as client:
        queue = (await client.get("/console/technical")).text
        counting.statements.clear()
        page = (await client.get(f"/console/cases/{incident}")).text
        cost = len(counting.statements)
        listed = (await client.get("/console/incidents")).text
        part = (await client.get(f"/console/cases/{own[0]}", headers=HTMX)).text
    assert (f'id="case-{incident}"' in queue, f'id="case-{own[0]}"' in queue) == (True, False)
    assert page.count('class="is-out"') == 3
    assert "138****" in page
    assert cost <= MOST
    assert f"/console/cases/{incident}" in listed
    assert f"/console/cases/{incident}" in part


async def test_each_call_is_kept_in_the_list_and_a_wrong_result_changes_nothing(
    app: FastAPI, world: World, homes: list[Neighbour]
) -> None:
    incident, _ = await cut(world, homes)
    call = f"/console/incidents/{incident}/contact"
    given = {"elder_id": str(homes[0].elder), "result": "no_answer"}
    async with await client_of(app, await make_operator(world)) as client:
        kept = await client.post(call, data=given, headers=HTMX)
        plain = await client.post(call, data=given)
        wrong = await client.post(call, data={**given, "result": "perhaps"}, headers=HTMX)
        foreign = await client.post(call, data={**given, "elder_id": str(world.elder)}, headers=HTMX)
    assert (kept.status_code, plain.status_code) == (200, 303)
    async with world.web.transaction(world.district) as conn:
        rows = {row["elder_id"]: row["call_result"] for row in await incidents.members(conn, incident)}
    assert rows == {**dict.fromkeys(rows), homes[0].elder: "no_answer"}
    assert (wrong.status_code, foreign.status_code) == (422, 404)


async def test_all_of_an_incident_is_acknowledged_from_its_page(
    app: FastAPI, world: World, homes: list[Neighbour]
) -> None:
    incident, own = await cut(world, homes)
    operator = await make_operator(world)
    async with await client_of(app, operator) as client:
        answer = await client.post(f"/console/incidents/{incident}/claim", headers=HTMX)
    assert answer.status_code == 200
    async with world.web.transaction(world.district) as conn:
        rows = [await cases.find(conn, one) for one in (incident, *own)]
    assert {row["claimed_by"] for row in rows} == {operator.account_id}


async def test_ticked_cases_are_acknowledged_and_the_filter_stays(
    app: FastAPI, world: World, homes: list[Neighbour]
) -> None:
    alarms = [await lose(world, one) for one in homes[:2]]
    await ticks.intake(world.worker, NOW)
    own = [await case_of(world, one) for one in alarms]
    async with await client_of(app, await make_operator(world)) as client:
        all_ = (await client.get("/console/technical/list?type=power_lost&state=raised")).text
        none = (await client.get("/console/technical/list?type=silent")).text
        ticked = {"case_id": [str(own[0])], "type": "power_lost"}
        answer = await client.post("/console/technical/acknowledge", data=ticked)
        empty = await client.post("/console/technical/acknowledge", data={"type": "power_lost"})
    assert (str(own[0]) in all_, str(own[0]) in none) == (True, False)
    assert (answer.status_code, empty.status_code) == (303, 303)
    assert answer.headers["location"] == "/console/technical/list?type=power_lost&region=&state="
    async with world.web.transaction(world.district) as conn:
        assert [(await cases.find(conn, one))["state"] for one in own] == ["claimed", "raised"]


async def test_the_files_hold_the_rows_and_are_on_record(
    app: FastAPI, world: World, homes: list[Neighbour]
) -> None:
    incident, _ = await cut(world, homes)
    async with await client_of(app, await make_operator(world)) as client:
        people = await client.get(f"/console/incidents/{incident}/export.xlsx")
        queue = await client.get("/console/technical/export.xlsx")
    for answer in (people, queue):
        book = zipfile.ZipFile(io.BytesIO(answer.content))
        assert "xl/worksheets/sheet1.xml" in book.namelist()
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT detail FROM audit_log WHERE action = 'export' ORDER BY id")
    assert [row["detail"] for row in rows] == [{"rows": 3}, {"rows": 1}]


async def test_the_api_lists_calls_and_closes_an_incident(
    app: FastAPI, world: World, homes: list[Neighbour]
) -> None:
    incident, _ = await cut(world, homes)
    path = f"/api/v1/incidents/{incident}"
    async with await client_of(app, await make_operator(world)) as client:
        (listed,) = (await client.get("/api/v1/incidents?open=true")).json()["items"]
        called = {"elder_id": str(homes[1].elder), "result": "answered"}
        whole = (await client.post(f"{path}/contact", json=called)).json()
        closed = (await client.post(f"{path}/close", json={"outcome": "other"})).json()
        left = (await client.get("/api/v1/incidents?open=true")).json()["items"]
        late = await client.post(f"{path}/contact", json=called)
    assert (listed["cause"], listed["scope"], listed["people_without"]) == ("power", "building", 3)
    results = {one["elder_id"]: one["call_result"] for one in whole["members"]}
    assert results[str(homes[1].elder)] == "answered"
    assert (closed["state"], closed["outcome"], left, late.status_code) == ("closed", "other", [], 409)
