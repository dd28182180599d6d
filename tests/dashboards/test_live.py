import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core import accounts, events, people
from core.accounts import Person
from core.db import Conn
from core.ids import new_id
from dashboards.app import live
from dashboards.live import Topic
from tests import makers
from tests.dashboards.clients import client_of
from tests.dashboards.streams import Reader
from tests.databases import Database
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW

FEED = "/api/v1/events"


@pytest.fixture
async def running(app: FastAPI, database: Database) -> AsyncIterator[FastAPI]:
    """Run the app's event feed beside the test."""
    stop = asyncio.Event()
    task = asyncio.create_task(live(app, database.web, stop))
    yield app
    stop.set()
    await task


async def _token(app: FastAPI, person: Person) -> str:
    async with await client_of(app, person) as client:
        return client.headers["authorization"].removeprefix("Bearer ")


async def _write(conn: Conn, world: World, kind: str = "case.opened", **given: Any) -> UUID:
    subject = new_id()
    roles = given.pop("roles", events.OPERATORS)
    await events.write(
        conn, district=world.district, kind=kind, subject=subject, roles=roles, at=NOW, case=subject, **given
    )
    return subject


async def _tell(world: World, kind: str = "case.opened", **given: Any) -> UUID:
    async with world.web.transaction(world.district) as conn:
        return await _write(conn, world, kind, **given)


async def test_a_change_reaches_an_open_stream_at_once(running: FastAPI, world: World) -> None:
    token = await _token(running, await make_operator(world))
    async with Reader(running, token, FEED) as reader:
        subject = await _tell(world)
        (event,) = await reader.take(1)
    data = json.loads(event["data"])
    assert (data["kind"], data["id"], data["case_id"]) == ("case.opened", str(subject), str(subject))
    assert int(event["id"]) > 0


async def test_two_transactions_that_commit_in_the_wrong_order_lose_nothing(
    running: FastAPI, world: World
) -> None:
    token = await _token(running, await make_operator(world))
    async with Reader(running, token, FEED) as reader:
        async with world.web.transaction(world.district) as slow:
            early = await _write(slow, world)
            late = await _tell(world)
            (first,) = await reader.take(1)
        found = await reader.take(2)
    assert json.loads(first["data"])["id"] == str(late)
    assert json.loads(found[1]["data"])["id"] == str(early)
    assert int(found[0]["id"]) < int(found[1]["id"])


async def test_last_event_id_resumes_from_the_ring_and_from_the_database(
    running: FastAPI, world: World
) -> None:
    token = await _token(running, await make_operator(world))
    async with Reader(running, token, FEED) as reader:
        subjects = [str(await _tell(world)) for _ in range(3)]
        seen = await reader.take(3)
    async with Reader(running, token, FEED, last=seen[0]["id"]) as reader:
        again = await reader.take(2)
    running.state.hub.ring.clear()
    async with Reader(running, token, FEED, last=seen[0]["id"]) as reader:
        from_database = await reader.take(2)
    assert [json.loads(event["data"])["id"] for event in again] == subjects[1:]
    assert again == from_database


@pytest.mark.parametrize("last", ["999999999", "not-a-number", "9" * 40])
async def test_what_cannot_be_resumed_is_told_to_look_again(
    running: FastAPI, world: World, last: str
) -> None:
    token = await _token(running, await make_operator(world))
    async with Reader(running, token, FEED, last=last) as reader:
        (event,) = await reader.take(1)
    assert event["event"] == "resync"


async def test_nobody_hears_another_district_family_caregiver_or_role(
    running: FastAPI, world: World, pool_owner: Any
) -> None:
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="m", phone=None, now=NOW
        )
        await people.bond(
            conn,
            district=world.district,
            elder=world.elder,
            member=member,
            relation="son",
            priority=1,
            consented_at=NOW,
        )
        family = await makers.make_person(conn, world.district, "family", family_member=member)
        clerk = await makers.make_person(conn, world.district, "clerk")
    stranger_district = await makers.make_district(pool_owner, "341302")
    async with world.web.transaction(stranger_district) as conn:
        stranger = await makers.make_person(conn, stranger_district)
    roles = (*events.OPERATORS, "family")
    readers = [Reader(running, await _token(running, p), FEED) for p in (family, clerk, stranger)]
    async with readers[0], readers[1], readers[2]:
        await _tell(world, roles=roles, elder=new_id())
        await _tell(world, roles=roles)
        await _tell(world, roles=events.OPERATORS, elder=world.elder)
        own = await _tell(world, roles=roles, elder=world.elder)
        (event,) = await readers[0].take(1)
        assert json.loads(event["data"])["id"] == str(own)
    assert [len(reader.events) for reader in readers] == [1, 0, 0]


async def test_a_revoked_sessions_stream_ends(running: FastAPI, world: World) -> None:
    token = await _token(running, await make_operator(world))
    async with Reader(running, token, FEED) as reader:
        await accounts.logout(world.web, token, NOW)
        await reader.end()
        assert reader.ended
    assert running.state.streams.open == set()


async def test_a_stream_ends_after_ten_minutes_and_beats_before(running: FastAPI, world: World) -> None:
    token = await _token(running, await make_operator(world))
    async with Reader(running, token, FEED) as reader:
        (stream,) = running.state.streams.open
        stream.spoke -= 16
        await running.state.streams.check(world.web, NOW)
        await reader.until(b": beat")
        stream.opened -= 601
        await running.state.streams.check(world.web, NOW + timedelta(seconds=1))
        await reader.end()


async def test_the_stop_of_the_process_ends_every_stream(
    app: FastAPI, world: World, database: Database
) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(live(app, database.web, stop))
    async with Reader(app, await _token(app, await make_operator(world)), FEED) as reader:
        stop.set()
        await reader.end()
    await task


async def test_a_fragment_is_rendered_once_for_all_who_share_it(running: FastAPI, world: World) -> None:
    rendered: list[str] = []

    async def render(conn: Conn, _person: Person, language: str, batch: list[events.Event]) -> str | None:
        assert await conn.fetchval("SELECT count(*) FROM elder") == 1
        rendered.append(language)
        return "\n".join(f"<li>{event.kind}</li>" for event in batch)

    topic = Topic("t", ("operator",), ("case.opened",), lambda person: person.district_id, render)
    running.state.hub.topics["t"] = topic
    tokens = [await _token(running, await make_operator(world)) for _ in range(3)]
    one, two, three = (Reader(running, token, "/live?topic=t") for token in tokens)
    async with one, two, three:
        await _tell(world, "case.noted")
        await _tell(world)
        found = [(await reader.take(1))[0] for reader in (one, two, three)]
    assert len({tuple(event.items()) for event in found}) == 1
    assert (found[0]["event"], found[0]["data"]) == ("t", "<li>case.opened</li>")
    assert len(rendered) == 1


async def test_a_fragment_that_could_not_be_made_is_made_again(running: FastAPI, world: World) -> None:
    tries: list[int] = []

    async def render(_conn: Conn, _person: Person, _language: str, batch: list[events.Event]) -> str | None:
        tries.append(batch[0].number)
        if len(tries) == 1:
            raise OSError
        return "made"

    topic = Topic("t", ("operator",), ("case.opened",), lambda person: person.district_id, render)
    running.state.hub.topics["t"] = topic
    token = await _token(running, await make_operator(world))
    before = running.state.hub.last
    async with Reader(running, token, "/live?topic=t", last=str(before)) as reader:
        await _tell(world)
        (event,) = await reader.take(1)
    assert event["data"] == "made"
    assert tries[0] == tries[1]


async def test_a_page_feed_is_for_those_who_are_logged_in_and_have_the_role(
    running: FastAPI, world: World
) -> None:
    token = await _token(running, await make_operator(world, "clerk"))
    statuses = []
    for url, key in ((FEED, "wrong"), ("/live?topic=none", token), ("/live?topic=u", token)):
        running.state.hub.topics["u"] = Topic("u", ("operator",), (), lambda p: p.role, _nothing)
        async with Reader(running, key, url) as reader:
            statuses.append(reader.status)
    assert statuses == [401, 404, 403]


async def _nothing(*_: object) -> None:
    return None
