"""The family's pages: the first view, the page behind an alert, charts, visits, the own phone."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from core import consents, people
from core.accounts import Person
from core.crypto import digest
from core.db import Pool
from dispatch import cases
from tests import makers
from tests.dashboards.clients import anonymous, client_of, make_app
from tests.dashboards.pushing import AUTH, P256DH
from tests.databases import Database
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW
from tests.pushing import push_service

MARK = {"at": NOW.isoformat(), "received_at": NOW.isoformat()} | dict.fromkeys(
    ("lat", "lon", "accuracy_m", "code")
)
KEYS = {"p256dh": P256DH, "auth": AUTH}


async def relative(world: World, name: str, *, rights: tuple[str, ...] | None = None) -> Person:
    """Make a relative of the world's elder with an account."""
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name=name, phone=None, now=NOW
        )
        bond: dict[str, Any] = {"relation": "daughter", "priority": 1, "consented_at": NOW}
        bond |= (
            {"rights": rights} if rights else {"rights": ("alerts", "vitals", "visits", "bills", "decide")}
        )
        await people.bond(conn, district=world.district, elder=world.elder, member=member, **bond)
        person = await makers.make_person(conn, world.district, "family", family_member=member)
        await conn.execute("UPDATE account SET language = 'en'")
        return person


async def in_english(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")


async def timeline(world: World, case: UUID) -> list[tuple[str, Any]]:
    async with world.web.transaction(world.district) as conn:
        rows = await cases.timeline(conn, case)
    return [(row["action"], row["data"]) for row in rows if row["action"].startswith("family_")]


async def test_the_first_view_says_that_nobody_has_taken_an_alarm_and_then_who_has(
    app: FastAPI, world: World
) -> None:
    case, operator = await make_case(world, "fall"), await make_operator(world)
    async with await client_of(app, await relative(world, "one")) as client:
        before = (await client.get("/family")).text
        async with world.web.transaction(world.district) as conn:
            await cases.claim(conn, case, operator, NOW + timedelta(minutes=1))
        after = (await client.get("/family")).text
    assert "16:30: Fall. The call centre has been told; nobody has taken it yet." in before
    assert f"{operator.name} of the call centre has been seeing to it since 16:31." in after
    assert f"/family/alert/{case}" in before


async def test_two_relatives_see_each_others_answer_and_the_case_stays_open(
    app: FastAPI, world: World
) -> None:
    case = await make_case(world, "fall")
    one, two = await relative(world, "first"), await relative(world, "second")
    async with await client_of(app, one) as client:
        await client.post(f"/family/alert/{case}/answer", data={"answer": "coming"})
    async with await client_of(app, two) as client:
        page = (await client.get(f"/family/alert/{case}")).text
        await client.post(f"/family/alert/{case}/answer", data={"answer": "with_them"})
        both = (await client.get(f"/family/alert/{case}", headers={"HX-Request": "true"})).text
    assert "first: I am on my way." in " ".join(page.split())
    assert "second: I am with them." in " ".join(both.split())
    assert [data["answer"] for _, data in await timeline(world, case)] == ["coming", "with_them"]
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case))["state"] == "raised"


async def test_that_they_are_safe_is_told_and_closes_nothing(app: FastAPI, world: World) -> None:
    case = await make_case(world, "sos")
    async with await client_of(app, await relative(world, "one")) as client:
        wrong = await client.post(f"/family/alert/{case}/safe", data={"how": "felt_it"})
        told = await client.post(f"/family/alert/{case}/safe", data={"how": "spoke", "note": "all well"})
        page = (await client.get(f"/family/alert/{case}")).text
    assert (wrong.status_code, told.status_code) == (422, 303)
    assert "They are safe (I have spoken with them)." in page
    ((action, data),) = await timeline(world, case)
    assert (action, data["how"]) == ("family_safe", "spoke")
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case))["state"] == "raised"


async def test_who_may_not_decide_may_answer_and_not_confirm_safety(app: FastAPI, world: World) -> None:
    case = await make_case(world, "sos")
    async with await client_of(app, await relative(world, "neighbour", rights=("alerts",))) as client:
        page = await client.get(f"/family/alert/{case}")
        safe = await client.post(f"/family/alert/{case}/safe", data={"how": "spoke"})
        comes = await client.post(f"/family/alert/{case}/answer", data={"answer": "coming"})
        charts = await client.get(f"/family/vitals/{world.elder}")
    assert "/safe" not in page.text
    assert (safe.status_code, comes.status_code) == (403, 303)
    assert "This is not shared with you." in charts.text


async def test_what_is_over_needs_nobody(app: FastAPI, world: World) -> None:
    case, operator = await make_case(world, "fall"), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW)
        await cases.close(conn, case, operator, NOW, "reassured")
    async with await client_of(app, await relative(world, "one")) as client:
        late = await client.post(f"/family/alert/{case}/answer", data={"answer": "coming"})
        page = await client.get(f"/family/alert/{case}")
    assert (late.status_code, await timeline(world, case)) == (409, [])
    assert "It is over already: nobody needs to go." in late.text
    assert 'name="answer"' not in page.text


async def test_a_case_of_somebody_else_is_not_found(app: FastAPI, world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="m", phone=None, now=NOW
        )
        stranger = await makers.make_person(conn, world.district, "family", family_member=member)
    case = await make_case(world, "sos")
    async with await client_of(app, stranger) as client:
        page = await client.get(f"/family/alert/{case}")
        answer = await client.post(f"/family/alert/{case}/answer", data={"answer": "coming"})
    assert (page.status_code, answer.status_code) == (404, 404)
    assert await timeline(world, case) == []


async def _speak(world: World, pool_owner: Any) -> None:
    """Let the mat tell of a night: in bed from ten to six, heart rate every quarter of an hour."""
    rows = []
    for quarter in range(8 * 4):
        at = NOW - timedelta(hours=18, minutes=30) + timedelta(minutes=15 * quarter)
        rows += [("in_bed", at, 1.0), ("heart_rate", at, 60.0 + quarter % 8), ("movement", at, 10.0)]
    rows.append(("in_bed", NOW - timedelta(hours=10, minutes=30), 0.0))
    async with pool_owner.transaction(world.district) as conn:
        for name, at, value in rows:
            await conn.execute(
                "INSERT INTO ingest.reading (device_no, observed_at, value, metric) "
                "SELECT d.no, $2, $3, m.id FROM device d, ingest.metric m WHERE d.id = $1 AND m.name = $4",
                *(world.device, at, value, name),
            )


async def test_the_charts_of_a_day_have_tables_of_what_was_heard(
    app: FastAPI, world: World, pool_owner: Any
) -> None:
    await _speak(world, pool_owner)
    one = await relative(world, "one")
    async with await client_of(app, one) as client:
        closed = (await client.get(f"/family/vitals/{world.elder}")).text
        async with world.web.transaction(world.district) as conn:
            given = consents.Given("vitals", world.elder, "elder", "paper", NOW)
            who = consents.Subject(elder=world.elder)
            await consents.give(conn, who, given, district=world.district, account=None, now=NOW)
        shown = (await client.get(f"/family/vitals/{world.elder}")).text
        week = await client.get(f"/family/vitals/{world.elder}?span=week")
        odd = await client.get(f"/family/vitals/{world.elder}?span=year")
        home = " ".join((await client.get("/family")).text.split())
    assert "has not agreed to this being shown" in closed
    assert "polyline" not in closed
    assert "Between 60 and 67 per minute." in shown
    assert "At most 60 minutes an hour." in shown
    assert (week.status_code, odd.status_code) == (200, 422)
    assert "In bed last night for 8 h 0 min, from 22:00 to 06:00." in home
    assert "Not up in between." in home


async def test_a_family_confirms_a_visit_and_complains_of_it_on_the_page(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    visit = things["visit_id"]
    await in_english(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET state = 'completed', started_at = $2, ended_at = $3, check_in = $4, "
            "check_out = $4 WHERE id = $1",
            *(visit, NOW - timedelta(hours=1), NOW, MARK),
        )
    base = f"/family/visits/{world.elder}"
    async with await client_of(app, everybody["family"]) as client:
        empty = await client.post(f"{base}/{visit}/complain", data={"kind": "late", "text": " "})
        await client.post(f"{base}/{visit}/complain", data={"kind": "late", "text": "an hour late"})
        agreed = await client.post(f"{base}/{visit}/confirm", data={"agrees": "yes"})
        page = (await client.get(base)).text
    assert (empty.status_code, agreed.status_code) == (422, 303)
    assert "The family has confirmed it." in page
    assert "Complained of: Not given to anybody yet" in page
    assert "an hour late" not in page


async def test_a_test_message_reaches_the_browser_whose_receipt_stands_on_the_page(
    world: World, everybody: dict[str, Person]
) -> None:
    app = make_app(world.web, world.keys)
    await in_english(world)
    async with push_service() as service, await client_of(app, everybody["family"]) as client:
        row = service.subscription()
        given = {"endpoint": row["endpoint"], "keys": {"p256dh": row["p256dh"], "auth": row["auth"]}}
        agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14)"}
        kept = (await client.post("/api/v1/push-subscriptions", json=given, headers=agent)).json()["id"]
        sent = await client.post(f"/family/phone/{kept}/test")
        said = service.read()
        before = (await client.get("/family/phone")).text
        async with anonymous(app) as browser:
            statuses = [
                (await browser.post(f"/push/receipt/{token}")).status_code
                for token in (said["receipt"], "nonsense", f"{world.district}.wrong", "x.y")
            ]
        after = (await client.get("/family/phone")).text
        service.status = 410
        gone = await client.post(f"/family/phone/{kept}/test")
        last = (await client.get("/family/phone")).text
    assert sent.headers["location"] == "/family/phone?tried=sent"
    assert said["url"] == "/family/phone"
    assert "the device has not said yet that it arrived" in before
    assert "A message last arrived just now." in after
    assert statuses == [204, 204, 204, 204]
    assert gone.headers["location"] == "/family/phone?tried=gone"
    assert "No device is told on its screen" in last


async def test_a_test_message_waits_for_its_push_service_without_a_connection(
    world: World, everybody: dict[str, Person], database: Database
) -> None:
    """As many as the process has connections may test at once: none holds one and waits for another."""
    only = await Pool.open(database.web, size=1)
    app = make_app(only, world.keys)
    try:
        async with push_service() as service, await client_of(app, everybody["family"]) as client:
            row = service.subscription()
            given = {"endpoint": row["endpoint"], "keys": {"p256dh": row["p256dh"], "auth": row["auth"]}}
            async with asyncio.timeout(20):
                kept = (await client.post("/api/v1/push-subscriptions", json=given)).json()["id"]
                sent = await client.post(f"/family/phone/{kept}/test")
                also = await client.post(f"/api/v1/push-subscriptions/{kept}/test")
    finally:
        await only.close()
    assert sent.headers["location"] == "/family/phone?tried=sent"
    assert also.json() == {"code": "sent"}


async def test_asking_to_be_told_is_a_consent_that_is_on_record(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    person = everybody["family"]
    assert person.family_member_id
    async with await client_of(app, person) as client:
        given = {"endpoint": "http://127.0.0.1:9/x", "keys": KEYS}
        assert (await client.post("/api/v1/push-subscriptions", json=given)).status_code == 201
        assert (await client.post("/api/v1/push-subscriptions", json=given)).status_code == 201
    async with world.web.transaction(world.district) as conn:
        found = await consents.of_members(conn, [person.family_member_id])
    assert "push" in found[person.family_member_id]


async def test_a_receipt_is_found_by_a_token_that_is_kept_only_as_a_hash(
    app: FastAPI, world: World, things: dict[str, UUID]
) -> None:
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE push_subscription SET test_token = $2, tested_at = $3 WHERE id = $1",
            *(things["push_subscription_id"], digest("nonce"), NOW),
        )
    async with anonymous(app) as browser:
        await browser.post(f"/push/receipt/{world.district}.nonce")
    async with world.web.transaction(world.district) as conn:
        row = await conn.fetchrow("SELECT received_at FROM push_subscription")
    assert row is not None
    assert row["received_at"] == NOW


@pytest.mark.parametrize("path", ["/family/sw.js", "/family/app.webmanifest", "/family/offline"])
async def test_the_app_s_shell_needs_no_login(app: FastAPI, path: str) -> None:
    async with anonymous(app) as client:
        answer: httpx.Response = await client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    if path.endswith("sw.js"):
        assert answer.headers["service-worker-allowed"] == "/family"
    if path.endswith("manifest"):
        assert (answer.json()["start_url"], answer.json()["scope"]) == ("/family", "/family")
