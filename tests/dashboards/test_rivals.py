"""Two providers of one district: what is one's does not exist for the other's manager and caregivers."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from core import events
from core.accounts import Person
from core.errors import Conflict
from core.events import Event
from core.ids import new_id
from dashboards.live import hears
from dispatch import providers, visits
from dispatch.phone import pictures
from dispatch.places import cards, meals, places
from dispatch.places.places import NewPlace
from services import statements
from tests import makers
from tests.dashboards.allowed import ALLOWED
from tests.dashboards.clients import client_of
from tests.dashboards.test_allowed import API, ask
from tests.dashboards.things import make_everybody, make_things
from tests.dispatch.errands import offer, want
from tests.dispatch.worlds import World, make_caregiver, make_operator
from tests.makers import NOW

JPEG = b"\xff\xd8\xff\xda\x00\x02\xff\xd9"
OPEN = {("GET", "/places/{place_id}")}
"""What a district shows to everybody."""


@pytest.fixture
async def rivals(world: World) -> dict[str, Person]:
    """Make another provider of the district, with its manager and a caregiver."""
    async with world.web.transaction(world.district) as conn:
        rival = await providers.create(
            conn, world.keys, district=world.district, name="rival", phone=None, now=NOW
        )
        manager = await makers.make_person(conn, world.district, "provider_manager", provider=rival)
    return {"provider_manager": manager, "caregiver": await make_caregiver(replace(world, provider=rival))}


@pytest.fixture
async def things(world: World) -> dict[str, UUID]:
    """Make one of everything of the world's own provider."""
    everybody = await make_everybody(world)
    return await make_things(world, everybody["caregiver"], everybody["assessor"])


@pytest.mark.parametrize("role", ["provider_manager", "caregiver"])
async def test_nothing_of_another_provider_exists(
    app: FastAPI, rivals: dict[str, Person], things: dict[str, UUID], role: str
) -> None:
    wrong = []
    async with await client_of(app, rivals[role]) as client:
        for verb, path in sorted(key for key, roles in ALLOWED.items() if role in roles):
            if "{" in path and (verb, path) not in OPEN:
                answer = await ask(client, verb, path, things)
                if answer.status_code != 404:
                    wrong.append((verb, path, answer.status_code))
    assert wrong == []


@pytest.fixture
async def meal(world: World, rivals: dict[str, Person]) -> UUID:
    """Make a meal at a place that the rival runs."""
    day = {"on": NOW.date(), "kind": "dinner", "starts_at": NOW, "ends_at": NOW + timedelta(hours=2)}
    where = {"lat": 37.8, "lon": 118.5, "capacity": 9, "opened_on": NOW.date()}
    async with world.web.transaction(world.district) as conn:
        new = NewPlace("meal_point", "rival's", provider_id=rivals["provider_manager"].provider_id, **where)  # type: ignore[arg-type]
        place = await places.create(conn, world.district, new, NOW)
        return await meals.create(conn, district=world.district, place=place, portions=9, now=NOW, **day)  # type: ignore[arg-type]


async def test_nobody_sends_the_caregivers_of_another_provider(
    app: FastAPI, world: World, rivals: dict[str, Person], things: dict[str, UUID], meal: UUID
) -> None:
    foreign, manager = str(things["caregiver_id"]), rivals["provider_manager"]
    async with world.web.transaction(world.district) as conn:
        stranger = await makers.make_elder(conn, world.keys, world.district)
        own = await meals.order(conn, meal, stranger, "deliver", NOW)
    visit = await want(world, provider_id=manager.provider_id)
    async with await client_of(app, manager) as desk:
        offered = await desk.post(f"{API}/visits/{visit}/offer", json={"caregiver_id": foreign})
        sent = await desk.post(f"{API}/meals/{meal}/send", json={"caregiver_ids": [foreign]})
        form = await desk.post(f"/desk/meals/{meal}/send", data={"carers": [foreign]})
    assert [offered.status_code, sent.status_code, form.status_code] == [404, 404, 404]
    async with world.web.transaction(world.district) as conn:
        assert (await meals.find_serving(conn, own))["visit_id"] is None


async def test_a_meal_point_knows_only_whom_its_provider_serves(
    app: FastAPI, world: World, rivals: dict[str, Person], things: dict[str, UUID], meal: UUID
) -> None:
    elder, serving = str(world.elder), str(things["serving_id"])
    async with world.web.transaction(world.district) as conn:
        code = await cards.of(conn, world.keys, world.district, world.elder, NOW)
    async with await client_of(app, rivals["provider_manager"]) as desk:
        assert elder not in (await desk.get(f"/desk/meals/{meal}")).text
        foreign = await desk.post(f"/desk/meals/{meal}/order", data={"serving": serving})
        assert foreign.status_code == 404
        for verb in ("servings", "vouch"):
            answer = await desk.post(f"{API}/meals/{meal}/{verb}", json={"elder_id": elder})
            assert answer.status_code == 404, verb
        for data in ({"elder": elder, "mode": "eat_in"}, {"elder": elder}):
            to = "order" if "mode" in data else "attend"
            assert (await desk.post(f"/desk/meals/{meal}/{to}", data=data)).status_code == 404, to
        assert (await desk.post(f"{API}/meals/{meal}/attend", json={"code": code})).is_success
        assert elder in (await desk.get(f"/desk/meals/{meal}")).text, "who has eaten there is known"
    async with world.web.transaction(world.district) as conn:
        assert (await meals.find_serving(conn, things["serving_id"]))["cancelled_at"] is None


async def test_who_has_declined_a_visit_has_no_part_in_it(app: FastAPI, world: World) -> None:
    first, second = await make_caregiver(world, "first"), await make_caregiver(world, "second")
    visit = await want(world)
    manager = await make_operator(world, "duty_manager")
    await offer(world, visit, first, manager)
    async with world.web.transaction(world.district) as conn:
        await visits.decline(conn, visit, first, NOW)
    await offer(world, visit, second, manager)
    photo = new_id()
    async with world.web.transaction(world.district) as conn:
        await pictures.keep(conn, world.keys, photo, visit, second, JPEG, NOW, NOW)
    at = f"{API}/visits/{visit}/photos"
    async with await client_of(app, first) as phone:
        assert (await phone.get(at)).status_code == 404
        assert (await phone.get(f"{at}/{photo}")).status_code == 404
    async with await client_of(app, second) as phone:
        assert [one["id"] for one in (await phone.get(at)).json()] == [str(photo)]
    async with await client_of(app, manager) as desk:
        assert (await desk.get(f"{at}/{photo}")).status_code == 200
    async with world.web.transaction(world.district) as conn:
        seen = await conn.fetch("SELECT account_id FROM audit_log WHERE detail->>'field' = 'photo'")
        assert [row["account_id"] for row in seen] == [manager.account_id]
        other = await want(world)
        await offer(world, other, first, manager)
        with pytest.raises(Conflict):
            await pictures.keep(conn, world.keys, photo, other, first, JPEG, NOW, NOW)


async def test_the_way_in_is_shown_when_the_visit_is_promised(app: FastAPI, world: World) -> None:
    carer = await make_caregiver(world)
    visit = await want(world)
    await offer(world, visit, carer, await make_operator(world, "duty_manager"))
    async with await client_of(app, carer) as phone:
        shown = (await phone.post(f"{API}/visits/{visit}/reveal")).json()
        assert (shown["address"] is not None, shown["access"], shown["phone"]) == (True, None, None)
        at = f"/m/visits/{visit}/reveal"
        assert (await phone.post(at, data={"field": "access"})).status_code == 403
        assert (await phone.post(at, data={"field": "address"})).status_code == 200
        await phone.post(f"{API}/visits/{visit}/accept")
        assert (await phone.post(f"{API}/visits/{visit}/reveal")).json()["access"]


async def test_a_call_for_help_is_never_refused_and_tells_nothing_of_a_foreign_visit(
    app: FastAPI, rivals: dict[str, Person], things: dict[str, UUID]
) -> None:
    foreign = str(things["visit_id"])
    async with await client_of(app, rivals["caregiver"]) as phone:
        alarm = {"id": str(new_id()), "visit_id": foreign, "at": NOW.isoformat()}
        assert (await phone.post(f"{API}/phone/sos", json=alarm)).status_code == 201
        refused = {"id": str(new_id()), "visit_id": foreign, "verb": "check_in", "said": {}, "status": 404}
        kept = await phone.post(f"{API}/phone/conflicts", json={**refused, "code": "not_found", "reason": {}})
        assert kept.status_code == 201
    async with await client_of(app, rivals["provider_manager"]) as desk:
        (alert,) = (await desk.get(f"{API}/caregiver-alerts")).json()
        (conflict,) = (await desk.get(f"{API}/phone-conflicts")).json()
    assert alert["visit_id"] is None
    assert (conflict["visit_id"], conflict["service"]) == (foreign, None)


async def test_a_meal_code_is_shown_on_record_and_kept_nowhere_in_clear(app: FastAPI, world: World) -> None:
    clerk = await make_operator(world, "clerk")
    at = f"{API}/elders/{world.elder}/meal-card"
    async with await client_of(app, clerk) as desk:
        code = (await desk.post(f"{at}/renew", headers={"Idempotency-Key": "k"})).json()["code"]
        assert (await desk.get(at)).json()["code"] == code
    async with world.web.transaction(world.district) as conn:
        kept = await conn.fetch("SELECT * FROM idempotency_key")
        assert code not in str([dict(row) for row in kept])
        actions = await conn.fetch(
            "SELECT action FROM audit_log WHERE subject_id = $1 ORDER BY id", world.elder
        )
        assert [row["action"] for row in actions] == ["meal_card.renew", "reveal"]


async def test_why_names_the_own_people_only(
    app: FastAPI, world: World, rivals: dict[str, Person], things: dict[str, UUID]
) -> None:
    own, foreign = str(things["caregiver_id"]), str(rivals["caregiver"].caregiver_id)
    considered = [{"caregiver_id": one, "name": one, "code": "on_leave"} for one in (own, foreign)]
    async with world.web.transaction(world.district) as conn:
        why = {"chosen": None, "considered": considered}
        await conn.execute("UPDATE visit SET why = $2 WHERE id = $1", things["visit_id"], why)
        manager = await makers.make_person(conn, world.district, "provider_manager", provider=world.provider)
    at = f"{API}/visits/{things['visit_id']}"
    operator = await make_operator(world)
    for person, count in ((manager, 1), (operator, 2)):
        async with await client_of(app, person) as client:
            told = (await client.get(at)).json()["why"]["considered"]
            assert len(told) == count, person.role
    async with await client_of(app, manager) as desk:
        page = (await desk.get(f"/plan/visits/{things['visit_id']}")).text
        assert own in page
        assert foreign not in page


async def test_an_emergency_of_nobody_and_a_plan_of_others_are_no_page_of_a_manager(
    app: FastAPI, world: World, rivals: dict[str, Person], things: dict[str, UUID]
) -> None:
    open_ = await want(world)
    async with await client_of(app, rivals["provider_manager"]) as desk:
        page = await desk.get(f"/plan/visits/{open_}")
        assert page.status_code == 200
        assert str(things["caregiver_id"]) not in page.text, "whom it may be moved to are the own people"
        assert (await desk.get(f"/plan/visits/{open_}?plan={things['plan_id']}")).status_code == 404
        async with world.web.transaction(world.district) as conn:
            await conn.execute("UPDATE visit SET case_id = $2 WHERE id = $1", open_, things["case_id"])
        for at in (f"/plan/visits/{open_}", f"/provider/visits/{open_}/substitutes"):
            assert (await desk.get(at)).status_code == 404, at
        move = {"caregiver_id": str(rivals["caregiver"].caregiver_id), "starts_at": NOW.isoformat()}
        assert (await desk.post(f"{API}/visits/{open_}/move", json=move)).status_code == 404


def test_a_manager_hears_of_the_own_caregivers(rivals: dict[str, Person]) -> None:
    manager, own = rivals["provider_manager"], new_id()
    whose = (own, new_id(), None)
    heard = [hears(manager, frozenset({own}), _event(manager.district_id, one)) for one in whose]
    assert heard == [True, False, True]


async def test_what_moves_in_the_money_of_one_provider_is_heard_by_no_other(
    world: World, rivals: dict[str, Person], things: dict[str, UUID]
) -> None:
    rival = rivals["provider_manager"]
    async with world.web.transaction(world.district) as conn:
        manager = await makers.make_person(conn, world.district, "provider_manager", provider=world.provider)
        clerk = await makers.make_person(conn, world.district, "clerk")
        await statements.tell_changed(conn, world.district, things["statement_id"], NOW)
    await events.number(world.web)
    (told,) = [one for one in await events.after(world.web, 0) if one.kind == "statement.changed"]
    assert [hears(person, frozenset(), told) for person in (manager, clerk, rival)] == [True, True, False]


def _event(district: UUID, caregiver: UUID | None) -> Event:
    what = (new_id(), None, None, None, caregiver)
    return Event(1, district, "visit.noted", *what, ("provider_manager",), NOW)
