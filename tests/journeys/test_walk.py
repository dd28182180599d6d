"""The outside conformance walk (DESIGN §3.5) as a stranger runs it: real commands, real HTTP, real MQTT."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import aiomqtt
import httpx
import pytest

from tests.journeys.feeds import Feed
from tests.journeys.installations import Installation

API = "/api/v1"
Json = dict[str, Any]


@dataclass
class Walk:
    """Who is logged in, and the ids met on the way."""

    installation: Installation
    stack: AsyncExitStack
    ids: dict[str, str] = field(default_factory=dict)

    async def login(self, account: Json) -> httpx.AsyncClient:
        """Log in as an account."""
        client = await self.stack.enter_async_context(
            httpx.AsyncClient(base_url=self.installation.url, timeout=30)
        )
        given = {name: account[name] for name in ("login", "password")}
        answer = await client.post(f"{API}/session", json=given)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["role"], body["district"]) == (account["role"], account["district"])
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {body['token']}"
        return client

    async def first(self, role: str, nth: int = 0) -> httpx.AsyncClient:
        """Log in as the nth account of a role in the first district."""
        return await self.login(self.installation.logins(role)[nth])


@pytest.fixture
async def walk(installation: Installation) -> AsyncIterator[Walk]:
    async with AsyncExitStack() as stack:
        yield Walk(installation, stack)


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(API + path, params=params)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


async def post(client: httpx.AsyncClient, path: str, body: Json | None = None, status: int = 200) -> Any:
    answer = await client.post(API + path, json=body)
    assert answer.status_code == status, (path, answer.text)
    return answer.json()


async def soon(look: Callable[[], Awaitable[Any]], seconds: float) -> Any:
    """Look again and again until there is something."""
    async with asyncio.timeout(seconds):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.05)


async def test_the_conformance_walk(walk: Walk) -> None:
    for account in walk.installation.accounts[:3]:
        await walk.login(account)
    operator = await walk.first("operator")
    bed = await _family_bed(walk, operator)
    device = _device(walk, bed["id"])
    async with Feed(operator) as feed:
        alarm = await _sos(walk, device)
        item = await soon(lambda: _case_of(operator, device["device_id"]), 1)
        assert item["id"] == alarm
        assert item["type"] == "sos"
        walk.ids |= {"alarms": alarm, "cases": item["case_id"], "elders": bed["elder_id"]}
        walk.ids |= {"care-beds": bed["id"], "devices": device["device_id"]}
        await _claim_and_send(walk, operator)
        await _visit(walk, bed)
        await _close(walk, operator)
        await soon(lambda: _has(feed, item["case_id"], "case.closed"), 5)
    kinds = feed.of(item["case_id"])
    for kind in ("case.opened", "case.claimed", "case.dispatched", "case.on_scene", "case.resolved"):
        assert kind in kinds
    await _resume(walk, operator, feed)
    await _bill(walk)
    await _family(walk, bed)
    await _statement(walk)
    await _stranger(walk, feed)


async def _family_bed(walk: Walk, operator: httpx.AsyncClient) -> Json:
    """Step 2: the bed of the family's elder."""
    elder = walk.installation.logins("family")[0]["elder_id"]
    after: str | None = None
    while True:
        page = await get(operator, "/care-beds", **({"after": after} if after else {}))
        for bed in page["items"]:
            assert {"id", "elder_id", "lat", "lon"} <= set(bed)
            if bed["elder_id"] == elder:
                return dict(bed)
        after = page["next"]
        assert after, "the family's elder has no bed"


def _device(walk: Walk, bed: str) -> Json:
    line = walk.installation.command("device", "add", "--thing-model", "care_bed_v1", "--care-bed", bed)
    device: Json = json.loads(line)
    assert {"device_id", "username", "password"} <= set(device)
    return device


async def _sos(walk: Walk, device: Json) -> str:
    """Step 3: one SOS twice; accepted, then a duplicate of the same alarm."""
    topic = f"yl/v1/{device['device_id']}"
    message = {"id": str(uuid4()), "at": datetime.now(UTC).isoformat(), "type": "sos"}
    port, name = walk.installation.mqtt_port, device["username"]
    client = aiomqtt.Client(
        "127.0.0.1", port, username=name, password=device["password"], identifier=name, timeout=10
    )
    async with client, asyncio.timeout(10):
        await client.subscribe(f"{topic}/receipt", qos=1)
        receipts = []
        for _ in range(2):
            await client.publish(f"{topic}/alarm", json.dumps(message), qos=1)
            receipts.append(json.loads(bytes((await anext(client.messages)).payload)))
    assert [one["result"] for one in receipts] == ["accepted", "duplicate"]
    assert {one["id"] for one in receipts} == {message["id"]}
    assert receipts[0]["alarm_id"] == receipts[1]["alarm_id"]
    return str(receipts[0]["alarm_id"])


async def _case_of(operator: httpx.AsyncClient, device: str) -> Json | None:
    """Step 4: the alarm, with its case."""
    page = await get(operator, "/alarms", device_id=device)
    if not page["items"] or page["items"][0]["case_id"] is None:
        return None
    assert {"severity", "elder_id", "observed_at", "received_at", "state"} <= set(page["items"][0])
    return dict(page["items"][0])


async def _claim_and_send(walk: Walk, operator: httpx.AsyncClient) -> None:
    """Steps 6 and 7."""
    second, case = await walk.first("operator", 1), walk.ids["cases"]
    await post(operator, f"/cases/{case}/claim")
    lost = await post(second, f"/cases/{case}/claim", status=409)
    assert lost["by"] == (await get(operator, "/session"))["name"]
    sent = await post(operator, f"/cases/{case}/dispatch", {"service": "emergency"})
    assert sent["why"]["considered"]
    walk.ids |= {"visits": sent["visit_id"], "caregivers": sent["caregiver_id"]}


async def _visit(walk: Walk, bed: Json) -> None:
    """Step 8: that caregiver goes; another has no such visit; out of order is a conflict."""
    visit, chosen = f"/visits/{walk.ids['visits']}", walk.ids["caregivers"]
    carers = walk.installation.logins("caregiver")
    mine = await walk.login(next(one for one in carers if one["caregiver_id"] == chosen))
    other = await walk.login(next(one for one in carers if one["caregiver_id"] != chosen))
    began = datetime.now(UTC) - timedelta(minutes=15)
    place = {"at": began.isoformat(), "lat": bed["lat"], "lon": bed["lon"], "accuracy_m": 15}
    await post(other, f"{visit}/accept", status=404)
    await post(mine, f"{visit}/check-in", place, status=409)
    await post(mine, f"{visit}/accept")
    await post(mine, f"{visit}/check-in", place)
    done = {"at": datetime.now(UTC).isoformat(), "record": {"note": "helped up, blood pressure taken"}}
    await post(mine, f"{visit}/check-out", done)
    await post(mine, f"{visit}/check-out", done, status=409)


async def _close(walk: Walk, operator: httpx.AsyncClient) -> None:
    """Step 9."""
    case = f"/cases/{walk.ids['cases']}"
    assert (await get(operator, case))["state"] == "resolved"
    await post(operator, f"{case}/close", {"outcome": "assisted", "false_alarm": None})
    steps = (await get(operator, f"{case}/timeline"))["items"]
    actions = [step["action"] for step in steps]
    assert actions[0] == "open"
    assert actions[-1] == "close"
    assert {"claim", "dispatch", "visit.check_in", "visit.check_out", "resolve"} <= set(actions)
    assert all({"who", "at", "why"} <= set(step) for step in steps)


async def _has(feed: Feed, subject: str, kind: str) -> bool:
    return kind in feed.of(subject)


async def _resume(walk: Walk, operator: httpx.AsyncClient, feed: Feed) -> None:
    """Step 5: Last-Event-ID gives the same again."""
    first = feed.events[0][0]
    rest = [event for event in feed.events if event[0] > first]
    async with Feed(operator, last=first) as again:
        await soon(lambda: _has(again, walk.ids["cases"], "case.closed"), 5)
    assert again.events[: len(rest)] == rest


async def _bill(walk: Walk) -> None:
    """Step 10: the visit's claim, priced and explained."""
    auditor, visit = await walk.first("auditor"), walk.ids["visits"]

    async def claim() -> Json | None:
        items = (await get(auditor, "/claims", visit_id=visit))["items"]
        return items[0] if items else None

    found: Json = await soon(claim, 10)
    assert Decimal(found["amount"]) == Decimal(found["subsidy"]) + Decimal(found["copay"])
    assert all(len(found[name].partition(".")[2]) == 2 for name in ("amount", "subsidy", "copay"))
    assert found["grade"]
    assert found["scheme"]
    assert found["explanation"]
    walk.ids |= {"claims": found["id"], "statements": found["statement_id"]}


async def _family(walk: Walk, bed: Json) -> None:
    """Step 11: their own elder and nobody else."""
    family = await walk.first("family")
    assert [one["id"] for one in (await get(family, "/elders"))["items"]] == [bed["elder_id"]]
    cases = (await get(family, "/cases", elder_id=bed["elder_id"]))["items"]
    assert walk.ids["cases"] in [one["id"] for one in cases]
    operator = await walk.first("operator")
    others = [one["id"] for one in (await get(operator, "/elders"))["items"] if one["id"] != bed["elder_id"]]
    for path in (f"/elders/{others[0]}", f"/cases?elder_id={others[0]}", f"/devices?elder_id={others[0]}"):
        assert (await family.get(API + path)).status_code == 404


async def _statement(walk: Walk) -> None:
    """Step 12: the open month adds up."""
    auditor = await walk.first("auditor")
    claim = await get(auditor, f"/claims/{walk.ids['claims']}")
    page = await get(auditor, "/statements", month=claim["month"])
    (mine,) = [one for one in page["items"] if one["id"] == walk.ids["statements"]]
    assert mine["state"] == "draft"
    claims: list[Json] = []
    after: str | None = None
    while True:
        more = await get(auditor, "/claims", statement_id=mine["id"], **({"after": after} if after else {}))
        claims += more["items"]
        after = more["next"]
        if after is None:
            break
    assert len(claims) == mine["claims"]
    for total, part in (("total", "amount"), ("subsidy", "subsidy"), ("copay", "copay")):
        assert Decimal(mine[total]) == sum(Decimal(one[part]) for one in claims)


async def _stranger(walk: Walk, feed: Feed) -> None:
    """Step 13: an operator of the second district finds none of it, and hears none of it."""
    account = walk.installation.logins("operator", walk.installation.other_district)[0]
    stranger = await walk.login(account)
    for noun, identity in walk.ids.items():
        assert (await stranger.get(f"{API}/{noun}/{identity}")).status_code == 404, noun
    async with Feed(stranger, last=feed.events[0][0] - 1) as theirs:
        assert theirs.of(walk.ids["cases"]) == []


async def test_a_wrong_password_is_refused_and_many_must_wait(walk: Walk) -> None:
    given = {"login": walk.installation.accounts[0]["login"], "password": "wrong"}
    async with httpx.AsyncClient(base_url=walk.installation.url, timeout=30) as client:
        codes: list[int] = []
        while 429 not in codes and len(codes) < 30:
            answer = await client.post(f"{API}/session", json=given)
            codes.append(answer.status_code)
    assert set(codes[:-1]) == {401}
    assert codes[-1] == 429
    assert int(answer.headers["Retry-After"]) > 0
