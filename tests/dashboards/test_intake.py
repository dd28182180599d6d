"""Messages over HTTP: who may, what is kept, what is answered, and that nothing is lost or done twice."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from core.db import Pool
from devices import registry
from gateway import http_uplinks
from gateway.known import Registry
from gateway.listener import Gateway
from tests.dashboards.clients import anonymous
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.waiting import until_true

SOS = b"<mrq><ref>A1</ref><cid>26317</cid><dty>0004</dty><mty>ME</mty><stc>0010</stc></mrq>"
BEAT = b"<mrq><mty>PI</mty><ref>1</ref><cid>26317</cid><dty>2</dty></mrq>"


def basic(name: str | None, password: str | None) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture
def gateway(pool_gateway: Pool, world: World) -> Gateway:
    return Gateway(pool_gateway, Registry(), world.keys, "", "gateway", 100, clock=lambda: NOW)


@pytest.fixture
async def hub(world: World) -> registry.Credentials:
    async with world.web.transaction(world.district) as conn:
        return await registry.add(
            conn, district=world.district, thing_model="hub_v1", now=NOW, care_bed=world.bed
        )


@pytest.fixture
async def client(app: FastAPI, hub: registry.Credentials) -> AsyncIterator[httpx.AsyncClient]:
    app.state.intake_wait_s = 0.0
    async with anonymous(app, headers=basic(hub.username, hub.password)) as found:
        yield found


async def rows(world: World, query: str) -> list[dict[str, Any]]:
    async with world.gateway.transaction(world.district) as conn:
        return [dict(row) for row in await conn.fetch(query)]


async def test_an_sos_of_a_controller_raises_an_alarm_and_is_answered_in_its_own_words(
    app: FastAPI, client: httpx.AsyncClient, gateway: Gateway, world: World
) -> None:
    app.state.intake_wait_s = 5.0
    asked = asyncio.create_task(client.post("/intake/scaip/alarm", content=SOS))
    await until_true(lambda: http_uplinks.handle_next(gateway))
    answer = await asked
    assert (answer.status_code, answer.text) == (200, "<mrs><ref>A1</ref><snu>0</snu></mrs>")
    assert answer.headers["content-type"].startswith("application/xml")
    (alarm,) = await rows(world, "SELECT type, device_id FROM alarm")
    assert alarm["type"] == "sos"


async def test_its_repetition_is_the_same_alarm(
    client: httpx.AsyncClient, gateway: Gateway, world: World
) -> None:
    for _ in range(2):
        await client.post("/intake/scaip/alarm", content=SOS)
        await http_uplinks.handle_next(gateway)
    assert len(await rows(world, "SELECT id FROM alarm")) == 1


async def test_without_a_gateway_it_is_kept_and_said_so(client: httpx.AsyncClient, world: World) -> None:
    late = await client.post("/intake/scaip/alarm", content=SOS)
    assert (late.status_code, late.headers["retry-after"]) == (503, "10")
    other = await client.post("/intake/thingsboard/v1/gateway/connect", content=b'{"device": "A"}')
    assert (other.status_code, other.json()) == (202, {"result": "kept"})
    kept = await rows(world, "SELECT handled_at FROM ingest.http_uplink")
    assert [row["handled_at"] for row in kept] == [None, None]


async def test_two_gateways_handle_each_message_once(
    client: httpx.AsyncClient, gateway: Gateway, world: World
) -> None:
    for nth in range(6):
        body = SOS.replace(b"A1", f"A{nth}".encode())
        await client.post("/intake/scaip/x", content=body.replace(b"26317", str(nth).encode()))
    done = await asyncio.gather(*(http_uplinks.handle_next(gateway) for _ in range(12)))
    assert sum(done) == 6
    left = await rows(world, "SELECT payload_sealed FROM ingest.http_uplink")
    assert {row["payload_sealed"] for row in left} == {None}


async def test_what_is_not_understood_is_refused_with_its_reason_and_kept(
    app: FastAPI, client: httpx.AsyncClient, gateway: Gateway, world: World
) -> None:
    app.state.intake_wait_s = 5.0
    asked = asyncio.create_task(client.post("/intake/thingsboard/v2/t", content=b"{"))
    await until_true(lambda: http_uplinks.handle_next(gateway))
    answer = await asked
    assert (answer.status_code, answer.json()["reason"]) == (422, "not_json")
    (letter,) = await rows(world, "SELECT reason FROM ingest.dead_letter")
    assert letter["reason"] == "not_json"


async def test_what_is_taken_without_words_of_its_own_is_accepted(
    app: FastAPI, client: httpx.AsyncClient, gateway: Gateway
) -> None:
    app.state.intake_wait_s = 5.0
    asked = asyncio.create_task(client.post("/intake/thingsboard/v1/gateway/rpc", content=b"{}"))
    await until_true(lambda: http_uplinks.handle_next(gateway))
    assert (await asked).json() == {"result": "accepted"}


async def test_a_body_that_is_a_bomb_or_no_xml_is_answered_99(
    app: FastAPI, client: httpx.AsyncClient, gateway: Gateway
) -> None:
    app.state.intake_wait_s = 5.0
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mrq><ref>&b;</ref></mrq>'
    asked = asyncio.create_task(client.post("/intake/scaip/x", content=bomb))
    await until_true(lambda: http_uplinks.handle_next(gateway))
    answer = await asked
    assert answer.status_code == 200
    assert "<snu>99</snu>" in answer.text


@pytest.mark.parametrize(
    "header", ["", "Basic !!!", "Bearer x", "Basic " + base64.b64encode(b"a\0:b").decode()]
)
async def test_nobody_gets_in_without_a_hub_s_password(app: FastAPI, header: str) -> None:
    async with anonymous(app, headers={"Authorization": header}) as client:
        answer = await client.post("/intake/scaip/x", content=BEAT)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")


async def test_who_guesses_is_slowed_down(app: FastAPI, hub: registry.Credentials) -> None:
    async with anonymous(app, headers=basic(hub.username, "wrong")) as client:
        status = [(await client.post("/intake/scaip/x", content=BEAT)).status_code for _ in range(60)]
    assert status[0] == 401
    assert status[-1] == 429


async def test_an_sos_passes_and_people_log_in_while_somebody_guesses_behind_the_same_address(
    app: FastAPI, client: httpx.AsyncClient, hub: registry.Credentials
) -> None:
    async with anonymous(app, headers=basic(hub.username, "wrong")) as guesser:
        for _ in range(60):
            await guesser.post("/intake/scaip/x", content=BEAT)
    async with anonymous(app) as person:
        answer = await person.post("/api/v1/session", json={"login": "nobody", "password": "x"})
    assert answer.status_code == 401
    assert (await client.post("/intake/scaip/alarm", content=SOS)).status_code == 503


async def test_a_device_that_is_no_hub_may_not_speak_for_others(app: FastAPI, world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        mat = await registry.add(conn, district=world.district, thing_model="mat_v1", now=NOW)
    async with anonymous(app, headers=basic(mat.username, mat.password)) as client:
        assert (await client.post("/intake/scaip/x", content=BEAT)).status_code == 403


async def test_a_revoked_hub_is_nobody(
    client: httpx.AsyncClient, world: World, hub: registry.Credentials
) -> None:
    async with world.web.transaction(world.district) as conn:
        await registry.revoke(conn, hub.device_id, NOW)
    assert (await client.post("/intake/scaip/x", content=BEAT)).status_code == 401
    async with world.web.transaction() as conn:
        assert await http_uplinks.take(conn, world.keys, str(hub.username), "scaip/x", BEAT, NOW) is None


async def test_what_is_too_large_or_no_topic_is_refused_before_it_is_kept(client: httpx.AsyncClient) -> None:
    assert (await client.post("/intake/scaip/x", content=b"x" * 300_000)).status_code == 422
    assert (await client.post("/intake/scaip/" + "x" * 300, content=BEAT)).status_code == 422


async def test_a_message_that_can_never_be_stored_does_not_stop_the_others(
    client: httpx.AsyncClient, gateway: Gateway, world: World, pool_owner: Pool
) -> None:
    await client.post("/intake/scaip/x", content=BEAT)
    async with pool_owner.transaction() as conn:
        await conn.execute(
            "UPDATE ingest.http_uplink SET topic = 'eco/' || hub_id || '/scaip/x', answer = ''"
        )
        await conn.execute("ALTER TABLE ingest.device_state ADD CHECK (last_seen_at < '2000-01-01')")
    assert await http_uplinks.handle_next(gateway)
    (letter,) = await rows(world, "SELECT reason FROM ingest.dead_letter")
    assert letter["reason"] == "poison"
    assert not await http_uplinks.handle_next(gateway)


async def test_messages_are_forgotten_after_seven_days(
    client: httpx.AsyncClient, gateway: Gateway, world: World
) -> None:
    await client.post("/intake/scaip/x", content=BEAT)
    await http_uplinks.handle_next(gateway)
    async with gateway.pool.transaction() as conn:
        await http_uplinks.forget(conn, NOW + http_uplinks.RETENTION * 2)
    assert await rows(world, "SELECT id FROM ingest.http_uplink") == []


async def test_a_gateway_that_dies_over_a_message_leaves_it_to_the_next(
    client: httpx.AsyncClient, gateway: Gateway, world: World
) -> None:
    await client.post("/intake/scaip/alarm", content=SOS)
    dying = Gateway(gateway.pool, Registry(), world.keys, "", "dying", 100, clock=_dies)
    with pytest.raises(ConnectionResetError):
        await http_uplinks.handle_next(dying)
    assert await rows(world, "SELECT id FROM alarm") == []
    assert await http_uplinks.handle_next(gateway)
    assert len(await rows(world, "SELECT id FROM alarm")) == 1


def _dies() -> datetime:
    raise ConnectionResetError
