"""Logging in by a code to the phone, and every wrong turn of it."""

import asyncio

import pytest

from core.crypto import Keys
from core.db import Pool
from tests.dashboards.clients import client_of
from tests.dashboards.joiners import PHONE, Place, make_place
from tests.databases import Database
from tests.makers import NOW

CODE, CONFIRM = "/api/v1/session/code", "/api/v1/session/code/confirm"
NOBODY = "13900009999"


@pytest.fixture
async def place(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, keys: Keys) -> Place:
    return await make_place(pool_owner, pool_web, pool_worker, keys)


async def test_number_code_and_in_for_three_months_and_the_code_is_good_once(place: Place) -> None:
    person = await place.relative()
    async with place.visitor() as visitor:
        asked = await visitor.post("/login/code", data={"phone": "138 1234 5678"})
        assert (asked.status_code, asked.headers["location"]) == (303, "/login/code/enter?next=/")
        code = await place.code()
        done = await visitor.post("/login/code/enter", data={"code": code})
        assert (done.status_code, done.headers["location"]) == (303, "/family")
        me = (await visitor.get("/api/v1/session")).json()
        assert me["account_id"] == str(person.account_id)
        assert me["expires_at"].startswith("2027-02-19")
        assert (await visitor.post("/login/code/enter", data={"code": code})).status_code == 401
    [told] = await place.told()
    assert (told["to"], told["words"], len(told["code"])) == (PHONE, "code", 6)


async def test_whether_a_number_is_known_is_not_said_by_any_answer(place: Place) -> None:
    await place.relative()
    seen = []
    for phone in (PHONE, NOBODY):
        async with place.visitor() as visitor:
            first = await visitor.post(CODE, json={"phone": phone})
            again = await visitor.post(CODE, json={"phone": phone})
            ticket = first.json()["ticket"]
            tries = [await visitor.post(CONFIRM, json={"ticket": ticket, "code": "000000"}) for _ in range(6)]
            said = [(one.status_code, one.json()["code"]) for one in tries]
            shape = (first.status_code, sorted(first.json()), again.status_code, again.headers["retry-after"])
            seen.append((shape, said))
        told = await place.told()
        place.push(minutes=6)  # an address that guesses is slowed, whoever it guesses
    assert seen[0] == seen[1]
    assert seen[0][0] == (202, ["expires_at", "ticket"], 429, "61")
    assert {code for _, code in seen[0][1]} == {"wrong_code"}
    assert [one["to"] for one in told] == [PHONE]


async def test_a_code_opens_only_in_the_browser_that_asked_within_ten_minutes_and_five_tries(
    place: Place,
) -> None:
    await place.relative()
    async with place.visitor() as asker, place.visitor() as thief:
        ticket = (await asker.post(CODE, json={"phone": PHONE})).json()["ticket"]
        code = await place.code()
        stolen = await thief.post("/login/code/enter", data={"code": code})
        assert stolen.status_code == 401
        assert (await thief.post(CONFIRM, json={"ticket": "guess", "code": code})).status_code == 401
        for _ in range(5):
            await asker.post(CONFIRM, json={"ticket": ticket, "code": "1"})
        assert (await asker.post(CONFIRM, json={"ticket": ticket, "code": code})).status_code == 401
        place.push(minutes=6)
        ticket = (await asker.post(CODE, json={"phone": PHONE})).json()["ticket"]
        code = await place.code()
        place.push(minutes=10, seconds=1)
        assert (await asker.post(CONFIRM, json={"ticket": ticket, "code": code})).status_code == 401


async def test_limits_by_number_by_address_and_by_district_are_429_with_a_time(
    place: Place, pool_owner: Pool, pool_web: Pool, pool_worker: Pool, keys: Keys
) -> None:
    await place.relative()
    async with place.visitor() as visitor:
        for _ in range(5):
            assert (await visitor.post(CODE, json={"phone": PHONE})).status_code == 202
            place.push(minutes=2)
        refused = await visitor.post(CODE, json={"phone": PHONE})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "3001")
        for nth in range(15):
            assert (await visitor.post(CODE, json={"phone": f"139000000{nth:02d}"})).status_code == 202
        over = await visitor.post(CODE, json={"phone": "13900000099"})
        assert over.status_code == 429
        page = await visitor.post("/login/code", data={"phone": "13900000099"})
        assert (page.status_code, page.headers["retry-after"]) == (429, over.headers["retry-after"])
    few = await make_place(pool_owner, pool_web, pool_worker, keys, "341302")
    few.app.state.settings = few.app.state.settings.model_copy(update={"login_codes_per_hour": 1})
    await few.relative("13700000001")
    await few.relative("13700000002", "\u674e\u56db")
    few.push(hours=5)
    async with few.visitor() as visitor:
        assert (await visitor.post(CODE, json={"phone": "13700000001"})).status_code == 202
        assert (await visitor.post(CODE, json={"phone": "13700000002"})).status_code == 429


async def test_of_several_who_ask_for_one_number_at_the_same_moment_one_is_told(place: Place) -> None:
    await place.relative()
    async with place.visitor() as visitor:
        asked = (visitor.post(CODE, json={"phone": PHONE}) for _ in range(6))
        answers = [one.status_code for one in await asyncio.gather(*asked)]
    assert sorted(answers) == [202, *[429] * 5]
    assert len(await place.told()) == 1


async def test_many_wrong_codes_from_one_address_are_429(place: Place) -> None:
    async with place.visitor() as visitor:
        answers = [
            (await visitor.post(CONFIRM, json={"ticket": "x", "code": "1"})).status_code for _ in range(12)
        ]
    assert answers[:10] == [401] * 10
    assert answers[-1] == 429


async def test_one_phone_in_two_districts_chooses_after_the_code_and_not_before(
    place: Place, pool_owner: Pool, pool_web: Pool, pool_worker: Pool, keys: Keys
) -> None:
    there = await make_place(pool_owner, pool_web, pool_worker, keys, "341302")
    mine = [await place.relative(), await there.relative()]
    async with place.visitor() as visitor:
        asked = await visitor.post(CODE, json={"phone": PHONE})
        assert "district" not in asked.text
        ticket = asked.json()["ticket"]
        early = await visitor.post(CONFIRM, json={"ticket": ticket, "account_id": str(mine[1].account_id)})
        assert early.status_code == 401
        proven = (await visitor.post(CONFIRM, json={"ticket": ticket, "code": await there.code()})).json()
        assert proven["session"] is None
        assert {one["account_id"] for one in proven["choices"]} == {str(one.account_id) for one in mine}
        chosen = await visitor.post(CONFIRM, json={"ticket": ticket, "account_id": str(mine[1].account_id)})
        assert chosen.json()["session"]["district"] == "341302"
        again = await visitor.post(CONFIRM, json={"ticket": ticket, "account_id": str(mine[0].account_id)})
        assert again.status_code == 401
        stranger = await visitor.post(CONFIRM, json={"ticket": ticket, "account_id": str(place.elder)})
        assert stranger.status_code == 401
    page = place.visitor()
    async with page:
        place.push(minutes=2)
        await page.post("/login/code", data={"phone": PHONE})
        choice = await page.post("/login/code/enter", data={"code": await there.code()})
        assert choice.text.count('name="account"') == 2
        done = await page.post("/login/code/choose", data={"account": str(mine[0].account_id)})
        assert done.headers["location"] == "/family"


async def test_a_disabled_account_and_a_mistyped_number_let_nobody_in(place: Place) -> None:
    person = await place.relative()
    async with place.visitor() as visitor:
        ticket = (await visitor.post(CODE, json={"phone": PHONE})).json()["ticket"]
        code = await place.code()
        async with place.web.transaction(place.district) as conn:
            await conn.execute("UPDATE account SET disabled_at = $1 WHERE id = $2", NOW, person.account_id)
        assert (await visitor.post(CONFIRM, json={"ticket": ticket, "code": code})).status_code == 401
        typed = await visitor.post("/login/code", data={"phone": "12345"})
        assert (typed.status_code, "check the digits" in typed.text) == (422, True)


async def test_all_other_devices_are_logged_out_at_once(place: Place) -> None:
    person = await place.relative()
    async with await client_of(place.app, person) as old, place.visitor() as visitor:
        ticket = (await visitor.post(CODE, json={"phone": PHONE})).json()["ticket"]
        code = await place.code()
        await visitor.post(CONFIRM, json={"ticket": ticket, "code": code})
        assert len((await visitor.get("/api/v1/session/devices")).json()) == 2
        assert (await visitor.post("/api/v1/session/devices/log-out")).status_code == 204
        assert (await old.get("/api/v1/session")).status_code == 401
        assert len((await visitor.get("/api/v1/session/devices")).json()) == 1


async def test_a_moved_number_is_proven_by_a_code_to_the_new_one_and_the_old_one_is_told(
    place: Place,
) -> None:
    person = await place.relative()
    new = "13700001111"
    async with await client_of(place.app, person) as own:
        assert (await own.post("/family/me/phone", data={"phone": "1"})).status_code == 422
        assert (await own.post("/family/me/phone", data={"phone": new})).status_code == 303
        told = await place.told()
        assert (told[-1]["to"], told[-1]["words"]) == (new, "code")
        assert (await own.post("/family/me/phone/confirm", data={"code": "000"})).status_code == 422
        done = await own.post("/family/me/phone/confirm", data={"code": told[-1]["code"]})
        assert done.status_code == 303
        told = await place.told()
        assert (told[-1]["to"], told[-1]["words"]) == (PHONE, "phone_moved")
    place.push(hours=2)
    async with place.visitor() as visitor:
        await visitor.post(CODE, json={"phone": PHONE})
        assert len(await place.told()) == len(told)
        await visitor.post(CODE, json={"phone": new})
        assert (await place.told())[-1]["to"] == new


async def test_a_moved_number_takes_one_connection_and_five_wrong_codes_are_its_last(
    pool_owner: Pool, pool_worker: Pool, keys: Keys, database: Database
) -> None:
    only = await Pool.open(database.web, size=1)
    try:
        place = await make_place(pool_owner, only, pool_worker, keys)
        person = await place.relative()
        async with asyncio.timeout(30), await client_of(place.app, person) as own:
            await own.post("/family/me/phone", data={"phone": "13700001111"})
            code = await place.code()
            for _ in range(5):
                await own.post("/family/me/phone/confirm", data={"code": "000"})
            late = await own.post("/family/me/phone/confirm", data={"code": code})
        assert late.status_code == 422
    finally:
        await only.close()
