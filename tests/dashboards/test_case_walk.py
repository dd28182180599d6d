"""Steps 6 to 9 of the conformance walk, over HTTP."""

from fastapi import FastAPI

from tests.dashboards.clients import client_of
from tests.dispatch.worlds import HOME, World, make_caregiver, make_case, make_operator


async def test_a_case_is_claimed_once_and_the_second_hears_who_was_first(app: FastAPI, world: World) -> None:
    first, second, case = await make_operator(world), await make_operator(world), await make_case(world)
    async with await client_of(app, first) as one, await client_of(app, second) as two:
        assert (await one.post(f"/api/v1/cases/{case}/claim")).status_code == 200
        lost = await two.post(f"/api/v1/cases/{case}/claim")
    assert (lost.status_code, lost.json()["code"], lost.json()["by"]) == (409, "already_claimed", first.name)
    assert first.name in lost.json()["title"]


async def test_a_case_goes_from_the_claim_to_the_check_out_and_is_closed(app: FastAPI, world: World) -> None:
    operator, near, far = (
        await make_operator(world),
        await make_caregiver(world),
        await make_caregiver(world, "far", km=6),
    )
    case = await make_case(world)
    url = f"/api/v1/cases/{case}"
    async with (
        await client_of(app, operator) as desk,
        await client_of(app, near) as phone,
        await client_of(app, far) as other,
    ):
        await desk.post(f"{url}/claim")
        assert (
            await desk.post(f"{url}/call", json={"to": "elder", "result": "no_answer"})
        ).status_code == 200
        sent = (await desk.post(f"{url}/dispatch", json={"service": "emergency"})).json()
        assert sent["caregiver_id"] == str(near.caregiver_id)
        assert {one["code"] for one in sent["why"]["considered"]} == {"chosen", "farther"}
        assert all(one["says"] for one in sent["why"]["considered"])
        visit = f"/api/v1/visits/{sent['visit_id']}"
        assert (await phone.get("/api/v1/visits")).json()["items"][0]["id"] == sent["visit_id"]
        assert (await other.post(f"{visit}/accept")).status_code == 404
        assert (await other.get(visit)).status_code == 404
        place = {"at": "2026-11-21T08:20:00Z", "lat": HOME[0], "lon": HOME[1], "accuracy_m": 12}
        early = await phone.post(f"{visit}/check-in", json=place)
        assert (early.status_code, early.json()["state"], early.json()["verb"]) == (
            409,
            "offered",
            "check_in",
        )
        assert (await phone.post(f"{visit}/accept")).status_code == 200
        assert (await phone.post(f"{visit}/check-in", json=place)).status_code == 200
        done = {"at": "2026-11-21T08:29:00Z", "record": {"done": ["helped up"]}}
        out = await phone.post(f"{visit}/check-out", json=done)
        assert (out.status_code, out.json()["state"]) == (200, "verified")
        assert (await desk.get(url)).json()["state"] == "resolved"
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
