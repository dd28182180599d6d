"""Steps 6 to 9 of the conformance walk, over HTTP."""

from typing import Any

import httpx
from fastapi import FastAPI

from tests.dashboards.clients import client_of
from tests.dispatch.worlds import HOME, World, make_caregiver, make_case, make_operator

PLACE = {"at": "2026-11-21T08:20:00Z", "lat": HOME[0], "lon": HOME[1], "accuracy_m": 12}
DONE = {"at": "2026-11-21T08:29:00Z", "record": {"done": ["helped up"]}}


async def test_a_case_is_claimed_once_and_the_second_hears_who_was_first(app: FastAPI, world: World) -> None:
    first, second, case = await make_operator(world), await make_operator(world), await make_case(world)
    async with await client_of(app, first) as one, await client_of(app, second) as two:
        assert (await one.post(f"/api/v1/cases/{case}/claim")).status_code == 200
        lost = await two.post(f"/api/v1/cases/{case}/claim")
    assert (lost.status_code, lost.json()["code"], lost.json()["by"]) == (409, "already_claimed", first.name)
    assert first.name in lost.json()["title"]


async def _sent(desk: httpx.AsyncClient, url: str) -> dict[str, Any]:
    await desk.post(f"{url}/claim")
    call = {"to": "elder", "result": "no_answer"}
    assert (await desk.post(f"{url}/call", json=call)).status_code == 200
    sent: dict[str, Any] = (await desk.post(f"{url}/dispatch", json={"service": "emergency"})).json()
    assert {one["code"] for one in sent["why"]["considered"]} == {"chosen", "farther"}
    assert all(one["says"] for one in sent["why"]["considered"])
    return sent


async def test_a_caregiver_goes_in_order_and_nobody_else_knows_of_the_visit(
    app: FastAPI, world: World
) -> None:
    near, far = await make_caregiver(world), await make_caregiver(world, "far", km=6)
    url = f"/api/v1/cases/{await make_case(world)}"
    async with (
        await client_of(app, await make_operator(world)) as desk,
        await client_of(app, near) as phone,
        await client_of(app, far) as other,
    ):
        sent = await _sent(desk, url)
        assert sent["caregiver_id"] == str(near.caregiver_id)
        visit = f"/api/v1/visits/{sent['visit_id']}"
        assert (await phone.get("/api/v1/visits")).json()["items"][0]["id"] == sent["visit_id"]
        assert (await other.post(f"{visit}/accept")).status_code == 404
        assert (await other.get(visit)).status_code == 404
        early = await phone.post(f"{visit}/check-in", json=PLACE)
        assert early.status_code == 409
        assert (early.json()["state"], early.json()["verb"]) == ("offered", "check_in")
        assert (await phone.post(f"{visit}/accept")).status_code == 200
        assert (await phone.post(f"{visit}/check-in", json=PLACE)).status_code == 200
        out = await phone.post(f"{visit}/check-out", json=DONE)
        assert (out.status_code, out.json()["state"]) == (200, "verified")
        assert (await desk.get(url)).json()["state"] == "resolved"


async def test_a_case_is_closed_with_its_outcome_and_keeps_every_step(app: FastAPI, world: World) -> None:
    operator = await make_operator(world)
    await make_caregiver(world)
    await make_caregiver(world, "far", km=6)
    url = f"/api/v1/cases/{await make_case(world)}"
    async with await client_of(app, operator) as desk:
        await _sent(desk, url)
        closed = await desk.post(f"{url}/close", json={"outcome": "assisted", "false_alarm": None})
        assert (closed.status_code, closed.json()["state"]) == (200, "closed")
        steps = (await desk.get(f"{url}/timeline")).json()["items"]
    assert [step["action"] for step in steps][:3] == ["open", "claim", "call"]
    assert steps[1]["who"] == operator.name
    assert all(step["at"] and step["why"] for step in steps)


async def test_nobody_to_send_is_a_conflict_with_every_reason_and_stays_in_the_timeline(
    app: FastAPI, world: World
) -> None:
    operator, case = await make_operator(world), await make_case(world)
    await make_caregiver(world, "asleep", on_shift=False)
    async with await client_of(app, operator, "zh-CN") as desk:
        await desk.post(f"/api/v1/cases/{case}/claim")
        answer = await desk.post(f"/api/v1/cases/{case}/dispatch", json={"service": "emergency"})
        steps = (await desk.get(f"/api/v1/cases/{case}/timeline")).json()["items"]
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody")
    assert [one["code"] for one in answer.json()["why"]["considered"]] == ["off_shift"]
    assert steps[-1]["action"] == "nobody"
