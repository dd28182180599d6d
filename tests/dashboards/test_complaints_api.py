"""What one party says in a complaint: kept nowhere in clear, read by nobody whom it does not concern."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from dispatch import providers
from tests import makers
from tests.dashboards.clients import client_of
from tests.dashboards.test_allowed import API
from tests.dashboards.things import make_everybody
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.web.test_family_pages import relative

SAID = "the son beats her, say the neighbours"


@pytest.fixture
async def everybody(world: World) -> dict[str, Person]:
    """Make a person of every role."""
    return await make_everybody(world)


@pytest.fixture
async def rival(world: World) -> Person:
    """Make the manager of another provider of the district."""
    async with world.web.transaction(world.district) as conn:
        made = await providers.create(
            conn, world.keys, district=world.district, name="rival", phone=None, now=NOW
        )
        return await makers.make_person(conn, world.district, "provider_manager", provider=made)


async def take(app: FastAPI, by: Person, **more: object) -> UUID:
    async with await client_of(app, by) as desk:
        made = await desk.post(f"{API}/complaints", json={"kind": "safety", "text": SAID, **more})
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])


async def test_what_was_said_is_not_kept_with_the_answer_to_a_write(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    complaint = await take(app, everybody["clerk"])
    async with await client_of(app, everybody["clerk"]) as desk:
        given = {"provider_id": str(world.provider)}
        key = {"Idempotency-Key": "k"}
        at = f"{API}/complaints/{complaint}"
        assert (await desk.post(f"{at}/assign", json=given, headers=key)).json()["state"] == "assigned"
        assert (await desk.get(at)).json()["text"] == SAID
    async with world.web.transaction(world.district) as conn:
        kept = await conn.fetch("SELECT * FROM idempotency_key")
    assert kept
    assert SAID not in str([dict(row) for row in kept])


async def test_a_family_reads_what_families_said_and_not_what_others_say_of_it(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    elder = str(world.elder)
    others = await take(app, everybody["clerk"], source="hotline", elder_id=elder)
    own = await take(app, everybody["family"], elder_id=elder)
    async with await client_of(app, everybody["family"]) as home:
        listed = (await home.get(f"{API}/complaints")).json()["items"]
        assert [one["id"] for one in listed] == [str(own)]
        assert (await home.get(f"{API}/complaints/{others}")).status_code == 404
        assert (await home.get(f"{API}/complaints/{own}")).json()["text"] == SAID


async def test_who_only_hears_of_alarms_reads_what_they_said_and_not_what_the_daughter_did(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    elder = str(world.elder)
    daughters = await take(app, everybody["family"], elder_id=elder)
    neighbour = await relative(world, "neighbour", rights=("alerts",))
    own = await take(app, neighbour, elder_id=elder)
    async with await client_of(app, neighbour) as home:
        for path in ("/complaints", f"/complaints?elder_id={elder}"):
            listed = (await home.get(f"{API}{path}")).json()["items"]
            assert [one["id"] for one in listed] == [str(own)]
        assert (await home.get(f"{API}/complaints/{daughters}")).status_code == 404
        assert (await home.get(f"{API}/complaints/{own}")).json()["text"] == SAID
    async with await client_of(app, everybody["family"]) as home:
        listed = (await home.get(f"{API}/complaints")).json()["items"]
        assert {one["id"] for one in listed} == {str(own), str(daughters)}


async def test_who_gets_a_complaint_after_another_reads_nothing_that_the_other_said(
    app: FastAPI, everybody: dict[str, Person], rival: Person
) -> None:
    complaint = await take(app, everybody["clerk"])
    at, page = f"{API}/complaints/{complaint}", f"/desk/complaints/{complaint}"
    own = everybody["provider_manager"]
    async with await client_of(app, everybody["clerk"]) as desk, await client_of(app, own) as first:
        await desk.post(f"{at}/assign", json={"provider_id": str(own.provider_id)})
        await first.post(f"{at}/answer", json={"text": "our own affairs"})
        await desk.post(f"{at}/return", json={"text": "write of yours"})
        assert "write of yours" in (await first.get(page)).text
        await desk.post(f"{at}/assign", json={"provider_id": str(rival.provider_id)})
        assert (await first.get(at)).status_code == 404
        assert "our own affairs" in (await desk.get(page)).text, "the office keeps the whole story"
    async with await client_of(app, rival) as second:
        assert (await second.get(at)).json()["answer"] is None
        shown = (await second.get(page)).text
    assert SAID in shown
    assert "our own affairs" not in shown
    assert "write of yours" not in shown


async def test_a_complaint_that_only_names_a_provider_is_not_the_providers(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    own = everybody["provider_manager"]
    complaint = await take(app, everybody["clerk"], provider_id=str(own.provider_id))
    at = f"{API}/complaints/{complaint}"
    async with await client_of(app, own) as manager:
        assert (await manager.post(f"{at}/answer", json={"text": "no"})).status_code == 404
        async with await client_of(app, everybody["clerk"]) as desk:
            await desk.post(f"{at}/close", json={"outcome": "withdrawn"})
        assert (await manager.get(at)).status_code == 404
        assert (await manager.get(f"/desk/complaints/{complaint}")).status_code == 404
        assert (await manager.get(f"{API}/complaints")).json()["items"] == []
