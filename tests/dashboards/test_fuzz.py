"""Bad input over HTTP: whatever comes, the answer is a problem that names it, never a 5xx."""

import json
import random
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

from tests.dashboards.allowed import ALLOWED
from tests.dashboards.clients import anonymous, client_of
from tests.dashboards.test_allowed import API, ask, body_of
from tests.dashboards.things import make_everybody, make_things
from tests.dispatch.worlds import World

IDS = [
    "x",
    "0",
    "\x00",
    "%00",
    "..",
    "' OR 1=1 --",
    "é" * 500,
    "00000000-0000-0000-0000-000000000000",
    "\ud83d",
]
VALUES: list[Any] = [
    *(None, True, -1, 0, 1e308, 10**30, "", "\x00", "a\x00b", "x" * 100_000, [], {}, [[]], {"a": {"b": []}}),
    *("2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "-1", "NaN", "\ud800", "🦔"),
    *("00000000-0000-0000-0000-000000000000", 0.1, "sos", {"$ne": None}, [None] * 50),
]
RAW = [
    *(b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"\x00", b"{}" * 3, b"[" * 5000, b'{"a":1e999}'),
    *(b'{"login":"\\ud800","password":"\\u0000"}', b'{"outcome":NaN}', b"9" * 5000, b'{"at":"x","at":"y"}'),
]
NAMES = [
    *(
        "login",
        "password",
        "role",
        "name",
        "field",
        "to",
        "result",
        "note",
        "outcome",
        "false_alarm",
        "until",
    ),
    *("reason", "service", "at", "lat", "lon", "accuracy_m", "qr", "record", "agrees", "elder_id", "minutes"),
    *("window_start", "window_end", "priority", "provider_id", "caregiver_id", "care_bed_id", "room", "body"),
    *("items", "adjustments", "assessed_on", "thing_model"),
]
TIMES = [
    "9999-12-31",
    "0001-01-01",
    "2199-12",
    "1900-01",
    "9999-12-31T23:59:59-12:00",
    "2026-11-21T00:00:00Z",
]
FILTERS = ["after", "limit", "elder_id", "state", "month", "day", "since", "until", "device_id", "visit_id"]


async def test_bad_input_is_never_our_mistake(app: FastAPI, world: World) -> None:
    chance = random.Random(20261121)  # noqa: S311 - reproducible, not secret
    everybody = await make_everybody(world)
    ids = await make_things(world, everybody["caregiver"], everybody["assessor"])
    ours = []
    for (verb, path), roles in sorted(ALLOWED.items()):
        async with await client_of(app, everybody[min(roles)]) as client:
            for _ in range(12):
                named = {name: _identity(chance, str(ids[name])) for name in ids}
                url = f"{API}{path.format(**named)}?{_query(chance)}"
                content = _body(chance, body_of(path, ids)) if verb == "POST" else None
                headers = {"Content-Type": "application/json"} if content is not None else {}
                answer = await client.request(verb, url, content=content, headers=headers)
                if answer.status_code >= 500:
                    ours.append((verb, url, content, answer.status_code, answer.text[:200]))
    assert ours == []


def _identity(chance: random.Random, good: str) -> str:
    return good if chance.random() < 0.7 else quote(chance.choice(IDS), errors="replace")


def _query(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return f"{chance.choice(FILTERS)}={chance.choice(TIMES)}"
    return f"{chance.choice(FILTERS)}={quote(str(chance.choice([*IDS, *VALUES]))[:2000], errors='replace')}"


def _body(chance: random.Random, good: dict[str, Any]) -> bytes:
    if chance.random() < 0.1:
        return chance.choice(RAW)
    names = [*good, *NAMES] if chance.random() < 0.3 else list(good) or NAMES
    wrong = {name: chance.choice([*VALUES, *TIMES]) for name in chance.sample(names, 1)}
    return json.dumps(good | wrong).encode()


async def test_bad_credentials_headers_and_bodies_are_refused(app: FastAPI) -> None:
    async with anonymous(app) as client:
        for raw in RAW:
            answer = await client.post(
                f"{API}/session", content=raw, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code in (400, 401, 422), (raw, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
        for bearer in ("", "x", "é".encode().decode("latin-1"), "a" * 10_000):
            refused = await client.get(
                f"{API}/elders", headers=[(b"Authorization", b"Bearer " + bearer.encode("latin-1"))]
            )
            assert refused.status_code == 401
        large = await client.post(f"{API}/session", content=b" " * 3_000_000)
        assert large.status_code == 413
        wrong = await client.put(f"{API}/elders")
        assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
        assert wrong.headers["allow"]


async def test_an_id_that_is_none_does_not_exist(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    ids = await make_things(world, everybody["caregiver"], everybody["assessor"])
    bad: Any = dict.fromkeys(ids, "nonsense")
    async with await client_of(app, everybody["admin"]) as client:
        for (verb, path), roles in sorted(ALLOWED.items()):
            if "{" in path and "admin" in roles:
                assert (await ask(client, verb, path, bad)).status_code in (404, 422), path


async def test_a_key_of_idempotency_must_be_one(app: FastAPI, world: World) -> None:
    admin = (await make_everybody(world))["admin"]
    async with await client_of(app, admin) as client:
        for key in ("", "x" * 300):
            answer = await client.post(f"{API}/accounts", json={}, headers={"Idempotency-Key": key})
            assert (answer.status_code, answer.json()["code"]) == (422, "bad_key")


async def test_the_ends_of_the_calendar_are_no_trap(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    ids = await make_things(world, everybody["caregiver"], everybody["assessor"])
    paths = [path for verb, path in sorted(ALLOWED) if verb == "GET" and "admin" in ALLOWED[verb, path]]
    async with await client_of(app, everybody["admin"]) as client:
        for path in paths:
            for name in ("day", "month", "since", "until"):
                for value in TIMES:
                    answer = await client.get(API + path.format(**ids), params={name: value})
                    assert answer.status_code < 500, (path, name, value, answer.text)
    new = {"elder_id": str(ids["elder_id"]), "reason": "first", "items": {}, "adjustments": {}}
    async with await client_of(app, everybody["assessor"]) as client:
        for value in TIMES:
            answer = await client.post(f"{API}/assessments", json={**new, "assessed_on": value})
            assert answer.status_code < 500
