"""The planner's and the provider's pages: what they say, whom they say it to, what they cost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from core.accounts import Person
from core.ids import new_id
from dispatch import grabbing, visits
from dispatch.planning import plan_rows, plans
from tests.dashboards.clients import client_of
from tests.dispatch.errands import HOUR, accepted, offer, want
from tests.dispatch.worlds import World, make_caregiver
from tests.makers import NOW, make_person
from tests.web.conftest import CountingPool

TODAY = "2026-11-21"
MOST = 12
MOST_OF_A_MOVE = 17


@pytest.fixture
async def manager(world: World) -> Person:
    async with world.web.transaction(world.district) as conn:
        return await make_person(conn, world.district, "provider_manager", provider=world.provider)


@pytest.fixture
async def stranger(world: World) -> Person:
    """Make the manager of another provider of the district."""
    async with world.web.transaction(world.district) as conn:
        other = await conn.fetchval(
            "INSERT INTO provider (id, district_id, name, created_at)"
            " VALUES ($1, $2, 'other', $3) RETURNING id",
            new_id(),
            world.district,
            NOW,
        )
        return await make_person(conn, world.district, "provider_manager", provider=other)


@asynccontextmanager
async def reading(app: FastAPI, person: Person, language: str = "en") -> AsyncIterator[httpx.AsyncClient]:
    """Open the pages as somebody who reads a language."""
    async with app.state.pool.transaction(person.district_id) as conn:
        await conn.execute("UPDATE account SET language = $2 WHERE id = $1", person.account_id, language)
    async with await client_of(app, person) as client:
        yield client


async def plan_of(world: World, by: Person, **given: Any) -> UUID:
    """Ask for a plan and compute it, as the dispatch role does."""
    async with world.web.transaction(world.district) as conn:
        whole: dict[str, Any] = {"district": world.district, "on": NOW.date(), "now": NOW, "seconds": 1.0}
        return await plans.start(conn, by=by, provider_id=world.provider, **{**whole, **given})


async def planned(world: World, visit: UUID, by: Person, caregiver: UUID) -> UUID:
    """Make a ready plan that gives a visit to a caregiver, and breaks a promise."""
    plan = await plan_of(world, by)
    async with world.web.transaction(world.district) as conn:
        broken = [{"visit_id": str(visit), "code": "dropped", "caregiver_id": str(caregiver)}]
        await conn.execute("UPDATE plan SET state = 'ready', broken = $2 WHERE id = $1", plan, broken)
        await conn.execute(
            "INSERT INTO plan_item (plan_id, visit_id, seat, district_id, caregiver_id, position, starts_at,"
            " ends_at, travel_s, wait_s, why) VALUES ($1, $2, 0, $3, $4, 1, $5, $6, 300, 0, '{}')",
            plan,
            visit,
            world.district,
            caregiver,
            NOW + HOUR,
            NOW + 2 * HOUR,
        )
    return plan


async def test_a_day_shows_who_has_what_and_what_nobody_has(
    app: FastAPI, world: World, manager: Person, counting: CountingPool
) -> None:
    carer = await make_caregiver(world, "Wang")
    mine = await accepted(world, carer, provider_id=world.provider)
    held = await want(world, provider_id=world.provider, held_reason="hospital")
    async with reading(app, manager) as client:
        counting.statements.clear()
        page = await client.get(f"/plan?date={TODAY}")
        assert len(counting.statements) <= MOST
        part = await client.get(f"/plan/visits/{mine}", headers={"HX-Request": "true"})
        over = await client.get("/plan?date=2026-11-20")
    for action in ("/plan/runs", "/plan/repairs"):
        assert f'action="{action}"' in page.text
        assert f'action="{action}"' not in over.text, "a day that is over is not planned"
    assert f'data-visit="{mine}"' in page.text
    assert f"/plan/visits/{held}" in page.text
    assert "Wang" in page.text
    assert "<html" not in part.text
    assert "Chosen by hand" in part.text


async def test_the_other_providers_manager_finds_neither_visit_nor_plan(
    app: FastAPI, world: World, manager: Person, stranger: Person
) -> None:
    carer = await make_caregiver(world)
    visit = await accepted(world, carer, provider_id=world.provider)
    plan = await plan_of(world, manager)
    async with await client_of(app, stranger) as client:
        day = await client.get(f"/plan?date={TODAY}")
        assert f'data-visit="{visit}"' not in day.text
        for address in (
            f"/plan/visits/{visit}",
            f"/plan?plan={plan}",
            f"/plan/runs/{plan}",
            f"/plan/map?plan={plan}",
        ):
            assert (address, (await client.get(address)).status_code) == (address, 404)
        assert (await client.get(f"/provider/visits/{visit}/substitutes")).status_code == 404
        for address in (
            f"/plan/runs/{plan}/accept",
            f"/plan/runs/{plan}/discard",
            f"/plan/visits/{visit}/move",
        ):
            assert (address, (await client.post(address)).status_code) == (address, 404)
        own = await client.get(f"/provider?provider={world.provider}")
    assert "other" in own.text


async def test_a_plan_is_asked_for_looked_at_and_discarded(app: FastAPI, manager: Person) -> None:
    async with reading(app, manager) as client:
        asked = await client.post("/plan/runs", data={"date": TODAY, "seconds": "9999"})
        plan = asked.headers["location"].split("plan=")[1]
        progress = await client.get(f"/plan/runs/{plan}", headers={"HX-Request": "true"})
        assert '<progress max="600.0"' in progress.text
        assert (await client.get(f"/plan/runs/{plan}")).status_code == 303
        early = await client.post(f"/plan/runs/{plan}/accept")
        assert early.status_code == 409
        gone = await client.post(f"/plan/runs/{plan}/discard")
        assert gone.headers["location"] == f"/plan?date={TODAY}"
        again = await client.post(f"/plan/runs/{plan}/discard")
        assert again.status_code == 409
        assert 'role="alert"' in again.text
        assert "Discarded" in (await client.get(f"/plan?date={TODAY}&plan={plan}")).text


async def test_what_a_plan_breaks_is_named_before_it_is_accepted(
    app: FastAPI, world: World, manager: Person, counting: CountingPool
) -> None:
    carer = await make_caregiver(world, "Wang")
    assert carer.caregiver_id
    window = {"window_start": NOW + HOUR, "window_end": NOW + 2 * HOUR}
    visit = await want(world, provider_id=world.provider, **window)
    plan = await planned(world, visit, manager, carer.caregiver_id)
    async with reading(app, manager) as client:
        counting.statements.clear()
        page = await client.get(f"/plan?date={TODAY}&plan={plan}")
        assert len(counting.statements) <= MOST
        assert "Accepting it breaks 1 promise." in page.text
        assert "promised, and nobody would come" in page.text
        assert "gets somebody" in page.text
        item = await client.get(f"/plan/visits/{visit}?plan={plan}")
        assert "With this plan" in item.text
        drawing = await client.get(f"/plan/map?date={TODAY}&plan={plan}&caregiver={carer.caregiver_id}")
        assert 'class="c0 chosen"' in drawing.text
        done = await client.post(f"/plan/runs/{plan}/accept")
        assert done.status_code == 303
    async with world.web.transaction(world.district) as conn:
        row = await visits.find(conn, visit)
        assert (await plan_rows.find(conn, plan))["state"] == "accepted"
    assert (row["caregiver_id"], row["planned_start"]) == (carer.caregiver_id, NOW + HOUR)


async def test_a_move_says_what_it_breaks_and_is_done_all_the_same(
    app: FastAPI, world: World, manager: Person, counting: CountingPool
) -> None:
    one, two = await make_caregiver(world, "one"), await make_caregiver(world, "two", skills=["meal"])
    visit = await accepted(world, one, provider_id=world.provider)
    to = {"caregiver": str(two.caregiver_id), "at": (NOW + 3 * HOUR).isoformat()}
    async with reading(app, manager) as client:
        counting.statements.clear()
        preview = await client.get(f"/plan/visits/{visit}/move", params=to, headers={"HX-Request": "true"})
        assert len(counting.statements) <= MOST_OF_A_MOVE
        assert "Not trained for this" in preview.text
        assert "min outside the time that was asked for" in preview.text
        wrong = await client.get(f"/plan/visits/{visit}/move", params={**to, "at": "soon"})
        assert wrong.status_code == 422
        nobody = await client.post(f"/plan/visits/{visit}/move", data={**to, "caregiver": str(new_id())})
        assert nobody.status_code == 422
        moved = await client.post(f"/plan/visits/{visit}/move", data=to)
        assert moved.headers["location"].startswith(f"/plan?date={TODAY}")
        async with world.web.transaction(world.district) as conn:
            row = await visits.find(conn, visit)
        assert (row["caregiver_id"], row["planned_start"], row["is_pinned"]) == (
            two.caregiver_id,
            NOW + 3 * HOUR,
            True,
        )
        assert "Let the planner have it again" in (await client.get(f"/plan/visits/{visit}")).text
        assert (await client.post(f"/plan/visits/{visit}/unpin")).status_code == 303


@pytest.mark.parametrize("kind", ["sick", "late", "cancelled"])
async def test_a_repair_is_a_plan_to_look_at_and_changes_nothing_yet(
    kind: str, app: FastAPI, world: World, manager: Person
) -> None:
    carer = await make_caregiver(world)
    visit = await accepted(world, carer, provider_id=world.provider)
    form = {
        "kind": kind,
        "date": TODAY,
        "caregiver_id": str(carer.caregiver_id),
        "visit_id": str(visit),
        "minutes": "60",
    }
    async with await client_of(app, manager) as client:
        answer = await client.post("/plan/repairs", data=form)
        plan = answer.headers["location"].split("plan=")[1]
        refused = await client.post("/plan/repairs", data={**form, "kind": "late", "minutes": "many"})
        assert refused.status_code == 422
    async with world.web.transaction(world.district) as conn:
        row = await plan_rows.find(conn, UUID(plan))
        assert (row["cause"], row["trigger"]["kind"]) == ("repair", kind)
        assert (await visits.find(conn, visit))["state"] == "accepted"


async def test_the_desk_confirms_counts_the_late_and_changes_the_mode(
    app: FastAPI, world: World, manager: Person
) -> None:
    carer = await make_caregiver(world, "Wang")
    waiting = await want(world, provider_id=world.provider)
    await offer(world, waiting, carer, manager)
    early = {"window_start": NOW - 3 * HOUR, "window_end": NOW - 2 * HOUR}
    late = await want(world, provider_id=world.provider, **early)
    async with reading(app, manager) as client:
        desk = await client.get("/provider")
        assert f'value="{waiting}"' in desk.text
        assert f"/provider/visits/{late}/substitutes" in desk.text
        board = await client.get("/provider/board", headers={"HX-Request": "true"})
        assert "<html" not in board.text
        assert (
            await client.post("/provider/confirm", data={"visit": [str(waiting), "x"]})
        ).status_code == 303
        assert (
            await client.post("/provider/mode", data={"mode": "grab", "hours": "soon"})
        ).status_code == 422
        assert (await client.post("/provider/mode", data={"mode": "grab", "hours": "0"})).status_code == 303
        substitutes = await client.get(f"/provider/visits/{waiting}/substitutes")
        assert "No caregiver is registered" in substitutes.text
    async with world.web.transaction(world.district) as conn:
        assert (await visits.find(conn, waiting))["state"] == "accepted"
        assert (await grabbing.mode(conn, world.provider))["mode"] == "grab"


async def test_a_caregiver_takes_an_open_visit_on_the_phone(app: FastAPI, world: World) -> None:
    carer, other = await make_caregiver(world, "one"), await make_caregiver(world, "two")
    async with world.web.transaction(world.district) as conn:
        await grabbing.set_mode(conn, world.provider, "grab", 0)
    window = {"window_start": NOW + HOUR, "window_end": NOW + 2 * HOUR}
    visit = await want(world, provider_id=world.provider, **window)
    async with await client_of(app, carer) as client:
        assert f"/m/open/{visit}" in (await client.get("/m/open")).text
        taken = await client.post(f"/m/open/{visit}")
        assert taken.headers["location"] == f"/m/visits/{visit}"
    async with reading(app, other) as client:
        part = await client.get("/m/open", headers={"HX-Request": "true"})
        assert "Nothing stands open" in part.text
        late = await client.post(f"/m/open/{visit}")
        assert (late.status_code, "was first" in late.text) == (409, True)


async def test_a_day_of_many_is_shown_in_pages_at_the_same_price(
    app: FastAPI, world: World, manager: Person, counting: CountingPool
) -> None:
    for nth in range(27):
        await make_caregiver(world, f"carer {nth:02}")
    async with await client_of(app, manager) as client:
        counting.statements.clear()
        first = await client.get(f"/plan?date={TODAY}")
        assert len(counting.statements) <= MOST
        assert first.text.count("data-caregiver=") == 25
        after = first.text.split("after=")[1].split('"')[0]
        rest = await client.get(f"/plan?date={TODAY}&after={after}")
        assert rest.text.count("data-caregiver=") == 2
        one = await client.get(f"/plan?date={TODAY}&text=carer+07")
        assert one.text.count("data-caregiver=") == 1
        far = await client.get("/plan?date=2126-01-01")
    assert far.status_code == 200
