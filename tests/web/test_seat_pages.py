"""The operator's seat in pages: one key calls, cases pass on, a shift is handed over, who looks is told."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core import people
from core.accounts import Person
from dispatch import cases
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW

HTMX = {"HX-Request": "true"}


@pytest.fixture
async def case(world: World) -> UUID:
    return await make_case(world)


async def rows(world: World, query: str, *values: object) -> list[Any]:
    async with world.web.transaction(world.district) as conn:
        return list(await conn.fetch(query, *values))


async def claim(world: World, case: UUID, by: Person) -> None:
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, by, NOW)


async def make_daughter(world: World) -> UUID:
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="daughter", phone="13800005555", now=NOW
        )
        bond: dict[str, Any] = {"relation": "daughter", "priority": 1, "consented_at": NOW}
        await people.bond(conn, district=world.district, elder=world.elder, member=member, **bond)
    return member


async def test_one_key_claims_and_calls_and_another_says_what_came_of_it(
    app: FastAPI, world: World, case: UUID
) -> None:
    operator, daughter = await make_operator(world), await make_daughter(world)
    async with await client_of(app, operator) as client:
        whom = {"target": "family", "target_id": str(daughter)}
        on = await client.post(f"/console/cases/{case}/ring", data=whom, headers=HTMX)
        (call,) = await rows(world, "SELECT id, state FROM phone_call WHERE case_id = $1", case)
        again = await client.get(f"/console/cases/{case}", headers=HTMX)
        said = await client.post(
            f"/console/calls/{call['id']}/outcome", data={"result": "no_answer"}, headers=HTMX
        )
    assert (on.status_code, 'href="tel:13800005555"' in on.text) == (200, True)
    assert 'href="tel:13800005555"' in again.text  # it must not vanish while somebody dials it
    assert (said.status_code, "tel:13800005555" in said.text) == (200, False)
    lines = await rows(world, "SELECT action, data FROM case_entry WHERE case_id = $1 ORDER BY id", case)
    assert [line["action"] for line in lines] == ["open", "claim", "call"]
    assert (lines[-1]["data"]["to"], lines[-1]["data"]["result"]) == ("family", "no_answer")
    reveals = await rows(world, "SELECT account_id FROM audit_log WHERE action = 'reveal'")
    assert [line["account_id"] for line in reveals] == [operator.account_id]


async def test_nobody_else_sees_the_number_that_somebody_dials(
    app: FastAPI, world: World, case: UUID
) -> None:
    one, two, daughter = await make_operator(world), await make_operator(world), await make_daughter(world)
    async with await client_of(app, one) as first, await client_of(app, two) as second:
        whom = {"target": "family", "target_id": str(daughter)}
        await first.post(f"/console/cases/{case}/ring", data=whom, headers=HTMX)
        seen = await second.get(f"/console/cases/{case}", headers=HTMX)
        late = await second.post(f"/console/cases/{case}/ring", data={"target": "elder"}, headers=HTMX)
    assert "13800005555" not in seen.text
    assert late.status_code == 200  # a second call about a case that is claimed is nobody's race


async def test_a_case_is_offered_taken_and_the_giver_reads_it(app: FastAPI, world: World, case: UUID) -> None:
    one, two = await make_operator(world), await make_operator(world)
    await claim(world, case, one)
    async with await client_of(app, one) as first, await client_of(app, two) as second:
        given = {"to": str(two.account_id), "reason": "language", "note": "speaks Wu only"}
        offered = await first.post(f"/console/cases/{case}/transfer", data=given, headers=HTMX)
        banner = await second.get("/console/offers", headers=HTMX)
        (row,) = await rows(world, "SELECT id FROM case_transfer")
        taken = await second.post(f"/console/transfers/{row['id']}/accept", headers=HTMX)
        late = await second.post(f"/console/transfers/{row['id']}/accept", headers=HTMX)
        page = await first.get(f"/console/cases/{case}", headers=HTMX)
    assert (offered.status_code, two.name in offered.text) == (200, True)
    assert all(words in banner.text for words in (one.name, "speaks Wu only"))
    assert f'data-open="{case}"' in taken.text
    assert late.status_code == 409
    assert f"{two.name} 于" in page.text


async def test_who_does_not_choose_a_colleague_is_told_at_the_field(
    app: FastAPI, world: World, case: UUID
) -> None:
    one = await make_operator(world)
    await claim(world, case, one)
    async with await client_of(app, one) as client:
        url = f"/console/cases/{case}/transfer"
        nobody = await client.post(url, data={"to": "nobody", "reason": "busy"}, headers=HTMX)
        myself = await client.post(url, data={"to": str(one.account_id), "reason": "busy"}, headers=HTMX)
        unknown = await client.post(url, data={"to": str(case), "reason": "busy"}, headers=HTMX)
    assert (nobody.status_code, 'id="wrong-to"' in nobody.text) == (422, True)
    assert (myself.status_code, unknown.status_code) == (422, 404)


async def test_a_shift_is_handed_over_to_several_at_once_and_what_is_kept_stays(
    app: FastAPI, world: World, case: UUID
) -> None:
    one, two = await make_operator(world), await make_operator(world)
    boss = await make_operator(world, "duty_manager")
    other = await make_case(world, "smoke", NOW.replace(hour=20))
    for each in (case, other):
        await claim(world, each, one)
    async with await client_of(app, one) as giver, await client_of(app, two) as taker:
        before = await giver.get("/console/hand-over")
        form = {
            "case_id": [str(case), str(other)],
            "to": [str(two.account_id), "managers"],
            "note": ["her son is on the way", ""],
        }
        given = await giver.post("/console/hand-over", data=form)
        (mine,) = await rows(world, "SELECT id FROM case_transfer WHERE to_account IS NOT NULL")
        all_ = await taker.post("/console/hand-over/accept", data={"transfer_id": [str(mine["id"])]})
        again = await taker.post("/console/hand-over/accept", data={"transfer_id": [str(mine["id"])]})
    async with await client_of(app, boss) as client:
        seen = await client.get("/console/hand-over")
    assert before.text.count('name="case_id"') == 2
    assert (given.status_code, all_.status_code, again.status_code) == (303, 303, 409)
    assert "全部接手" in seen.text
    owners = await rows(world, "SELECT id, claimed_by FROM care_case WHERE claimed_by IS NOT NULL")
    assert {row["id"]: row["claimed_by"] for row in owners} == {case: two.account_id, other: one.account_id}


async def test_what_cannot_be_handed_over_is_named_and_the_rest_goes(
    app: FastAPI, world: World, case: UUID
) -> None:
    one, two = await make_operator(world), await make_operator(world)
    other = await make_case(world, "smoke", NOW.replace(hour=20))
    await claim(world, case, one)
    async with await client_of(app, one) as client:
        form = {"case_id": [str(case), str(other)], "to": [str(two.account_id)] * 2, "note": ["", ""]}
        answer = await client.post("/console/hand-over", data=form)
    assert answer.status_code == 409
    assert [row["case_id"] for row in await rows(world, "SELECT case_id FROM case_transfer")] == [case]


async def test_who_looks_is_told_to_the_others_and_not_to_oneself(
    app: FastAPI, world: World, case: UUID
) -> None:
    one, two = await make_operator(world), await make_operator(world)
    async with await client_of(app, one) as first, await client_of(app, two) as second:
        said = await first.post("/console/here", data={"looking": [str(case)]})
        seen = await second.get(f"/console/cases/{case}", headers=HTMX)
        own = await first.get(f"/console/cases/{case}", headers=HTMX)
        await first.post("/console/here", data={"left": [str(case)]})
        gone = await second.get(f"/console/cases/{case}", headers=HTMX)
    assert said.status_code == 204
    mark = f'data-who="{one.account_id}"'
    assert (mark in seen.text, mark in own.text, mark in gone.text) == (True, False, False)


async def test_the_next_step_is_told_at_once_and_of_a_claimed_case_there_is_none(
    app: FastAPI, world: World, case: UUID
) -> None:
    one = await make_operator(world)
    async with await client_of(app, one) as client:
        at_once = await client.post(f"/console/cases/{case}/step", headers=HTMX)
        await claim(world, case, one)
        none = await client.post(f"/console/cases/{case}/step", headers=HTMX)
    assert (at_once.status_code, none.status_code) == (200, 409)
    actions = [row["action"] for row in await rows(world, "SELECT action FROM case_entry ORDER BY id")]
    assert actions == ["open", "step_now", "claim"]


async def test_somebody_sent_to_a_closed_case_is_refused_in_words_and_in_the_timeline(
    app: FastAPI, world: World, case: UUID
) -> None:
    one = await make_operator(world)
    await make_caregiver(world)
    await claim(world, case, one)
    async with await client_of(app, one, "zh-CN") as client:
        await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
        await client.post(f"/console/cases/{case}/close", data={"outcome": "reassured"}, headers=HTMX)
        late = await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
        api = await client.post(f"/api/v1/cases/{case}/dispatch")
    assert (late.status_code, api.status_code) == (409, 409)
    lines = await rows(world, "SELECT action, data FROM case_entry WHERE case_id = $1 ORDER BY id", case)
    assert [line["action"] for line in lines][-3:] == ["close", "refused", "refused"]
    assert lines[-1]["data"]["state"] == "closed"
    visits = await rows(world, "SELECT state FROM visit WHERE case_id = $1", case)
    assert [visit["state"] for visit in visits] == ["cancelled"]


async def test_the_second_who_sends_reads_who_is_sent_and_it_stands_in_the_timeline(
    app: FastAPI, world: World, case: UUID
) -> None:
    one, carer = await make_operator(world), await make_caregiver(world, "Wang")
    await claim(world, case, one)
    async with await client_of(app, one) as client:
        await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
        twice = await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
    assert (twice.status_code, "已派出 Wang" in twice.text) == (409, True)
    lines = await rows(world, "SELECT action, data FROM case_entry WHERE case_id = $1 ORDER BY id", case)
    assert (lines[-1]["action"], lines[-1]["data"]["name"]) == ("refused", "Wang")
    assert carer.caregiver_id is not None


async def test_a_case_is_entered_by_hand_and_what_is_missing_is_said_at_its_field(
    app: FastAPI, world: World
) -> None:
    operator = await make_operator(world)
    async with await client_of(app, operator) as client:
        form = {"elder_id": str(world.elder), "source": "phone", "words": "she fell in the bathroom"}
        empty = await client.post("/console/new", data=form)
        entered = await client.post("/console/new", data={**form, "type": "fall_reported", "claim": "1"})
        again = await client.get(f"/console/new?elder_id={world.elder}")
    assert (empty.status_code, 'id="wrong-type"' in empty.text) == (422, True)
    assert "she fell in the bathroom" in empty.text  # nothing has to be typed twice
    (row,) = await rows(world, "SELECT id, type, state FROM care_case")
    assert (row["type"], row["state"]) == ("fall_reported", "claimed")
    assert (entered.status_code, entered.headers["location"]) == (303, f"/console/cases/{row['id']}")
    assert str(row["id"]) in again.text  # an open case of the same person is offered first
