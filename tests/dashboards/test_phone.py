"""The phone over real HTTP: back after two days with forty records, its clock, its codes, its app."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from core.accounts import Person
from core.ids import new_id
from dispatch import qr, visits
from tests.dashboards.clients import client_of
from tests.dispatch.errands import accepted, offer, want
from tests.dispatch.worlds import HOME, World, make_caregiver, make_operator
from tests.makers import NOW

API = "/api/v1"
HOUR = timedelta(hours=1)
PLACE = {"lat": HOME[0], "lon": HOME[1], "accuracy_m": 8.0}
Record = tuple[str, str, dict[str, Any]]
"""Key, path and body, as the phone keeps them."""


async def send(phone: httpx.AsyncClient, record: Record) -> httpx.Response:
    key, path, body = record
    return await phone.post(API + path, json=body, headers={"Idempotency-Key": key})


def record(visit: UUID, verb: str, **body: Any) -> Record:
    return (str(new_id()), f"/visits/{visit}/{verb}", body)


async def two_days_ago(world: World, carer: Person, nth: int) -> UUID:
    start = NOW - timedelta(days=2) + nth * timedelta(minutes=75)
    return await accepted(world, carer, window_start=start, window_end=start + HOUR)


async def worked(world: World, carer: Person, nth: int) -> tuple[UUID, list[Record]]:
    """Return a visit of two days ago, and the two records that the phone made of it."""
    visit = await two_days_ago(world, carer, nth)
    start = NOW - timedelta(days=2) + nth * timedelta(minutes=75)
    came, went = start.isoformat(), (start + timedelta(minutes=55)).isoformat()
    done = {"done": ["room_cleaned"], "condition": "well"}
    return visit, [
        record(visit, "check-in", at=came, **PLACE),
        record(visit, "check-out", at=went, record=done, **PLACE),
    ]


def refusal(one: Record, answer: httpx.Response) -> dict[str, Any]:
    """Return what the phone tells of a record that was not accepted."""
    key, path, body = one
    problem = answer.json()
    return {
        "id": key,
        "visit_id": path.split("/")[2],
        "verb": path.rpartition("/")[2].replace("-", "_"),
        "said": body,
        "said_at": body["at"],
        "status": answer.status_code,
        "code": problem["code"],
        "reason": {"title": problem["title"]},
    }


async def test_a_phone_comes_back_after_two_days_with_forty_records_of_which_six_clash(
    app: FastAPI, world: World
) -> None:
    carer, other = await make_caregiver(world, "王小芳"), await make_caregiver(world, "other")
    manager = await make_operator(world, "duty_manager")
    made = [await worked(world, carer, nth) for nth in range(20)]
    clashing = [visit for visit, _ in made[:3]]
    async with world.web.transaction(world.district) as conn:
        await visits.cancel(conn, clashing[0], manager, NOW - HOUR, "moved away")
        await visits.cancel(conn, clashing[1], manager, NOW - HOUR, "in hospital")
        await conn.execute(
            "UPDATE visit SET caregiver_id = $2 WHERE id = $1", clashing[2], other.caregiver_id
        )
    records = [one for _, pair in made for one in pair]
    assert len(records) == 40
    async with await client_of(app, carer) as phone:
        answers = [await send(phone, one) for one in records]
        refused = [(one, a) for one, a in zip(records, answers, strict=True) if not a.is_success]
        assert [a.status_code for _, a in refused] == [409, 409, 409, 409, 404, 404]
        for one, answer in refused:
            told = refusal(one, answer)
            assert (await phone.post(f"{API}/phone/conflicts", json=told)).status_code == 201
        again = [(await send(phone, one)).status_code for one in records]
        assert again == [a.status_code for a in answers], "the same records once more change nothing"
    async with await client_of(app, manager) as desk:
        kept = (await desk.get(f"{API}/phone-conflicts")).json()
        page = (await desk.get("/desk/phone")).text
    assert {(one["visit_id"], one["verb"]) for one in kept} == {
        (str(visit), verb) for visit in clashing for verb in ("check_in", "check_out")
    }
    assert all(one["said"]["at"] for one in kept)
    assert page.count('id="conflict-') == 6
    await check_the_others(world, clashing)


async def check_the_others(world: World, clashing: list[UUID]) -> None:
    """All others are verified, each step once; what is older than a day carries its flag."""
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch(
            "SELECT v.state, v.check_in, p.elements FROM visit v LEFT JOIN visit_proof p ON p.visit_id = v.id"
            " WHERE v.id <> ALL ($1::uuid[])",
            clashing,
        )
        steps = await conn.fetchval(
            "SELECT count(*) FROM visit_entry WHERE action IN ('check_in', 'check_out')"
        )
    assert [row["state"] for row in rows] == ["verified"] * 17
    assert steps == 34
    assert all(row["check_in"]["skew_s"] > 24 * 3600 or row["elements"]["times"]["ok"] for row in rows)
    flagged = [row for row in rows if row["elements"]["times"]["code"] == "back_filled"]
    assert len(flagged) >= 10


async def test_a_clock_an_hour_ahead_is_set_right_and_flagged(app: FastAPI, world: World) -> None:
    carer = await make_caregiver(world)
    visit = await accepted(world, carer)
    ahead = NOW + HOUR
    async with await client_of(app, carer) as phone:
        body = {"at": ahead.isoformat(), "clock_s": -3600, "app": "build-1", **PLACE}
        headers = {"Phone-Time": ahead.isoformat()}
        answer = await phone.post(f"{API}/visits/{visit}/check-in", json=body, headers=headers)
        mark = answer.json()["check_in"]
        assert answer.json()["started_at"] == NOW.isoformat().replace("+00:00", "Z")
        assert (mark["clock"], mark["clock_off_s"], mark["app"]) == ("off", -3600, "build-1")
        assert mark["said_at"] == ahead.isoformat()
        out = {"at": NOW.isoformat(), "record": {}}
        for nonsense in ("yesterday", "2026-11-21T08:30:00"):
            answer = await phone.post(
                f"{API}/visits/{visit}/check-out", json=out, headers={"Phone-Time": nonsense}
            )
            assert answer.status_code in (200, 409), "a clock that cannot be read is no clock"


async def test_the_code_that_a_family_reads_out_is_a_witness_an_hour_later_too(
    app: FastAPI, world: World
) -> None:
    carer = await make_caregiver(world)
    async with world.web.transaction(world.district) as conn:
        home = await conn.fetchrow("SELECT id, qr_secret FROM home WHERE id = $1", world.home)
    assert home is not None
    then = NOW - HOUR
    link, digits = qr.shown_for(world.keys, home, "http://home.invalid", then)
    cases = (
        ({"digits": digits}, ("valid", "spoken")),
        ({"digits": "000000" if digits != "000000" else "000001"}, ("invalid", "spoken")),
        ({"qr": link, "scanned_at": then.isoformat()}, ("valid", "rotating")),
        ({"qr": link, "scanned_at": NOW.isoformat()}, ("expired", "rotating")),
        ({"qr": qr.token_for(world.keys, home)}, ("valid", "printed")),
    )
    async with await client_of(app, carer) as phone:
        for given, expected in cases:
            visit = await accepted(world, carer)
            body = {"at": then.isoformat(), **PLACE, **given}
            mark = (await phone.post(f"{API}/visits/{visit}/check-in", json=body)).json()["check_in"]
            assert (mark["code"], mark["code_kind"]) == expected
        wrong = {"at": then.isoformat(), "digits": "12 34"}
        assert (await phone.post(f"{API}/visits/{visit}/check-in", json=wrong)).status_code == 422


async def test_a_rotating_code_opens_nothing_without_the_session_that_holds_the_visit(
    app: FastAPI, world: World
) -> None:
    carer, stranger = await make_caregiver(world), await make_caregiver(world, "stranger")
    visit = await accepted(world, carer)
    async with world.web.transaction(world.district) as conn:
        home = await conn.fetchrow("SELECT id, qr_secret FROM home WHERE id = $1", world.home)
    assert home is not None
    link, _ = qr.shown_for(world.keys, home, "", NOW)
    old, _ = qr.shown_for(world.keys, home, "", NOW - HOUR)
    async with await client_of(app, carer) as phone, await client_of(app, stranger) as foreign:
        assert (await phone.get(link)).headers["location"].startswith(f"/m/visits/{visit}?qr=")
        assert (await foreign.get(link)).status_code == 404
        assert (await phone.get(old)).status_code == 404


async def test_the_days_that_a_phone_carries_hold_nothing_sealed(app: FastAPI, world: World) -> None:
    carer = await make_caregiver(world)
    visit = await accepted(world, carer)
    later = await want(
        world, window_start=NOW + timedelta(days=3), window_end=NOW + timedelta(days=3, hours=1)
    )
    await offer(world, later, carer, await make_operator(world, "provider_manager"))
    async with await client_of(app, carer) as phone:
        found = (await phone.get(f"{API}/phone/days")).json()
        revealed = (await phone.post(f"{API}/visits/{visit}/reveal")).json()
        page = await phone.get(f"/m/visits/{visit}")
    assert [one["id"] for one in found["visits"]] == [str(visit), str(later)]
    assert "中心路" not in json.dumps(found, ensure_ascii=False)
    assert revealed["address"].startswith("河口区")
    assert page.headers["Yl-Account"] == str(carer.account_id) == found["account_id"]


async def test_the_app_can_be_installed_and_its_worker_is_asked_for_anew(app: FastAPI, world: World) -> None:
    async with await client_of(app, await make_caregiver(world)) as phone:
        worker = await phone.get("/sw.js")
        manifest = (await phone.get("/manifest.webmanifest")).json()
        assert worker.headers["cache-control"] == "no-cache"
        assert worker.headers["content-type"].startswith("text/javascript")
        given = json.loads(worker.text.split("= ", 1)[1].split(";\n", 1)[0])
        for file in [*given["files"], *(icon["src"] for icon in manifest["icons"])]:
            assert (await phone.get(file)).status_code == 200, file
    assert manifest["start_url"] == "/m"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512", "any"}
