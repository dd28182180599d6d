"""Joining by invitation, and every wrong turn of it."""

from typing import Any

import pytest

from core import consents, people
from core.crypto import Keys
from core.db import Pool
from core.rights import RIGHTS as RIGHTS_OF_ALL
from tests import makers
from tests.dashboards.clients import client_of
from tests.dashboards.joiners import PHONE, Place, join, make_place
from tests.makers import NOW


@pytest.fixture
async def place(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, keys: Keys) -> Place:
    return await make_place(pool_owner, pool_web, pool_worker, keys)


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 10**8:08d}"


async def test_the_invited_daughter_reads_what_is_shared_agrees_and_is_in(place: Place) -> None:
    async with place.web.transaction(place.district) as conn:
        await makers.make_consents(conn, place.district, place.elder, ("share_visits",))
    made = await place.invite()
    assert (made.status_code, made.json()["state"]) == (200, "open")
    [told] = await place.told()
    assert (told["to"], told["words"], len(told["code"])) == (PHONE, "invite", 8)
    async with place.visitor() as visitor:
        entered = await join(visitor, told["code"])
        assert (entered.status_code, entered.headers["location"]) == (303, "/join/sharing")
        page = (await visitor.get("/join/sharing")).text
        assert page.index("Visits and care") < page.index("As soon as") < page.index("Heart, breathing")
        assert page.index("Not shared with you") < page.index("Decide in an alarm")
        done = await visitor.post("/join/accept", data={"sms": "1"})
        assert (done.status_code, done.headers["location"]) == (303, "/family")
        own = (await visitor.get("/api/v1/elders")).json()["items"]
        assert [one["id"] for one in own] == [str(place.elder)]
        assert (await visitor.get("/api/v1/visits")).status_code == 200
        refused = await visitor.get(f"/api/v1/devices?elder_id={place.elder}")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_shared")
        assert (refused.json()["right"], refused.json()["missing"]) == ("vitals", "consent")
        [device] = (await visitor.get("/api/v1/session/devices")).json()
        assert (device["agent"], device["is_this"]) == ("wechat/android", True)
        again = await visitor.post("/join/accept", data={})
        assert again.status_code == 401
    async with place.web.transaction(place.district) as conn:
        [contact] = await people.contacts(conn, place.elder)
        assert (contact["rights"], contact["relation"]) == (["alerts", "vitals", "visits"], "daughter")
        assert (await consents.of_members(conn, [contact["id"]]))[contact["id"]] == {"sms"}
        actions = [row["action"] for row in await conn.fetch("SELECT action FROM audit_log")]
        assert {"relative_invited", "family_joined"} <= set(actions)


async def test_five_wrong_codes_lock_the_invitation_and_only_a_new_one_opens_it(place: Place) -> None:
    identity = (await place.invite()).json()["id"]
    code = await place.code()
    async with place.visitor() as visitor:
        answers = [(await join(visitor, wrong(code))).text for _ in range(5)]
        assert "Number and code do not fit" in answers[0]
        assert "Too many wrong codes" in answers[4]
        assert "Too many wrong codes" in (await join(visitor, code)).text
    place.push(hours=2)
    async with place.visitor() as visitor:
        assert (await join(visitor, code)).status_code == 401
        async with await client_of(place.app, place.clerk) as clerk:
            place.now = NOW
            renewed = await clerk.post(f"/api/v1/invitations/{identity}/renew")
            assert renewed.json()["state"] == "open"
        place.push(hours=3)
        fresh = await place.code()
        assert fresh != code
        assert (await join(visitor, code)).status_code == 401
        assert (await join(visitor, fresh)).status_code == 303


async def test_a_number_nobody_invited_is_answered_like_one_that_was(place: Place) -> None:
    await place.invite()
    code = await place.code()
    said = []
    for phone in (PHONE, "13912345678"):
        async with place.visitor() as visitor:
            answers = [await join(visitor, wrong(code), phone) for _ in range(5)]
            said.append([(one.status_code, "Too many" in one.text) for one in answers])
    assert said[0] == said[1] == [*[(401, False)] * 4, (401, True)]


async def test_an_expired_a_revoked_and_a_late_invitation_open_nothing(place: Place) -> None:
    identity = (await place.invite()).json()["id"]
    code = await place.code()
    async with place.visitor() as visitor:
        await join(visitor, code)
        place.push(minutes=31)
        late = await visitor.get("/join/sharing")
        assert (late.status_code, "enter number and code again" in late.text) == (401, True)
        assert (await visitor.post("/join/accept")).status_code == 401
        place.push(days=7)
        assert "past its day" in (await join(visitor, code)).text
        place.now = NOW
        async with await client_of(place.app, place.clerk) as clerk:
            assert (await clerk.post(f"/api/v1/invitations/{identity}/revoke")).json()["state"] == "revoked"
            over = await clerk.post(f"/api/v1/invitations/{identity}/renew")
            assert (over.status_code, over.json()["code"]) == (409, "invitation_over")
            assert (await clerk.post(f"/api/v1/invitations/{identity}/code")).status_code == 409
        assert "Number and code do not fit" in (await join(visitor, code)).text


async def test_a_revocation_beats_a_browser_that_is_still_reading(place: Place) -> None:
    identity = (await place.invite()).json()["id"]
    async with place.visitor() as visitor:
        await join(visitor, await place.code())
        async with await client_of(place.app, place.clerk) as clerk:
            await clerk.post(f"/api/v1/invitations/{identity}/revoke")
        assert (await visitor.post("/join/accept")).status_code == 401
    async with place.web.transaction(place.district) as conn:
        assert await people.contacts(conn, place.elder) == []


async def test_one_number_is_invited_once_and_a_siblings_number_only_knowingly(place: Place) -> None:
    await place.relative()
    same = await place.invite()
    assert (same.status_code, same.json()["code"]) == (409, "already_relative")
    other: dict[str, Any] = {"name": "\u738b\u78ca", "relation": "son", "priority": 2}
    refused = await place.invite(**other)
    assert (refused.status_code, refused.json()["code"]) == (409, "phone_of_another")
    assert (await place.invite(**other, shares_phone=True)).status_code == 200
    async with place.visitor() as visitor:
        await join(visitor, await place.code())
        await visitor.post("/join/accept")
    async with place.web.transaction(place.district) as conn:
        names = [row["name"] for row in await people.contacts(conn, place.elder)]
    assert names == ["\u738b\u654f", "\u738b\u78ca"]
    first = await place.invite(phone="13900000001", name="\u5f20\u4e09")
    second = await place.invite(phone=" +86 139 0000 0001", name="\u5f20\u4e09")
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "invited_already")


async def test_of_two_relatives_with_one_telephone_each_comes_in_as_themselves(place: Place) -> None:
    """Who was invited first comes in last: not into the account of who has the same telephone."""
    await place.invite()
    codes = [await place.code()]
    place.push(minutes=1)
    brother: dict[str, Any] = {"name": "\u738b\u78ca", "relation": "son", "priority": 2, "rights": ["alerts"]}
    assert (await place.invite(**brother, shares_phone=True)).status_code == 200
    codes.append(await place.code())
    names = []
    for code in reversed(codes):
        async with place.visitor() as visitor:
            await join(visitor, code)
            await visitor.post("/join/accept", data={"sms": "1"})
            names.append((await visitor.get("/api/v1/session")).json()["name"])
    assert names == ["\u738b\u78ca", "\u738b\u654f"]
    async with place.web.transaction(place.district) as conn:
        held = {row["name"]: row["rights"] for row in await people.contacts(conn, place.elder)}
    assert held == {"\u738b\u654f": ["alerts", "vitals", "visits"], "\u738b\u78ca": ["alerts"]}


async def test_a_number_that_the_office_changes_is_told_to_the_old_one_if_it_opened_an_account(
    place: Place,
) -> None:
    daughter = await place.relative()
    contacts = f"/desk/elders/{place.elder}/contacts"
    form = {"name": "\u738b\u654f", "relation": "daughter", "priority": "1"}
    async with await client_of(place.app, place.clerk) as clerk:
        await clerk.post(contacts, data={**form, "name": "\u8d75\u516d", "phone": "13900000001"})
        async with place.web.transaction(place.district) as conn:
            rows = await people.contacts(conn, place.elder)
        for row in rows:
            phone = {"name": row["name"], "phone": "13700000009"}
            kept = await clerk.post(f"{contacts}/{row['id']}", data={**form, **phone})
            assert kept.status_code == 303
        again = {**form, "phone": "13700000009"}
        assert (await clerk.post(f"{contacts}/{daughter.family_member_id}", data=again)).status_code == 303
    assert [(one["to"], one["words"]) for one in await place.told()] == [(PHONE, "phone_moved")]


async def test_a_relatives_own_consent_is_not_taken_back_by_the_office(place: Place) -> None:
    await place.invite()
    async with place.visitor() as visitor:
        await join(visitor, await place.code())
        await visitor.post("/join/accept", data={"sms": "1"})
    async with place.web.transaction(place.district) as conn:
        own = await conn.fetchval("SELECT id FROM consent WHERE family_member_id IS NOT NULL")
    async with await client_of(place.app, place.clerk) as clerk:
        back = {"how": "paper", "on": "2026-11-21", "reason": "other"}
        assert (await clerk.post(f"/api/v1/consents/{own}/withdraw", json=back)).status_code == 404


async def test_a_relative_of_one_elder_joins_another_with_the_same_account(place: Place) -> None:
    person = await place.relative()
    async with place.web.transaction(place.district) as conn:
        aunt = await makers.make_elder(conn, place.keys, place.district)
    name = "\u738b\u654f"
    assert (await place.invite(elder_id=str(aunt), name=name, rights=["alerts"])).status_code == 200
    async with place.visitor() as visitor:
        await join(visitor, await place.code())
        await visitor.post("/join/accept")
        me = (await visitor.get("/api/v1/session")).json()
        assert me["account_id"] == str(person.account_id)
        own = {one["id"] for one in (await visitor.get("/api/v1/elders")).json()["items"]}
        assert own == {str(place.elder), str(aunt)}


async def test_a_mistyped_number_a_day_to_come_no_right_and_no_guardian_are_refused(place: Place) -> None:
    for body, status, code in (
        ({"phone": "1381234567"}, 422, "invalid"),
        ({"phone": "10012345678"}, 422, "invalid"),
        ({"on": "2026-11-22"}, 422, "invalid"),
        ({"rights": []}, 422, "invalid"),
        ({"rights": ["everything"]}, 422, "invalid"),
        ({"relation": "boss"}, 422, "invalid"),
        ({"given_as": "guardian"}, 409, "no_guardian"),
    ):
        answer = await place.invite(**body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert await place.told() == []


async def test_the_code_is_kept_nowhere_in_the_rows_of_invitations(place: Place) -> None:
    await place.invite()
    code = await place.code()
    async with place.web.transaction(place.district) as conn:
        row = await conn.fetchval("SELECT i::text FROM invitation i")
        seen = await conn.fetchval("SELECT string_agg(l::text, ' ') FROM audit_log l")
    assert code not in row
    assert code not in seen
    assert PHONE not in row


async def test_who_ticks_no_way_to_be_reached_is_told_at_once_what_that_means(place: Place) -> None:
    await place.invite()
    async with place.visitor() as visitor:
        await join(visitor, await place.code())
        done = await visitor.post("/join/accept")
        assert done.headers["location"] == "/family/me"
        await visitor.post("/language", data={"language": "en"})
        assert "Nothing is ticked: you are not told of an alarm." in (await visitor.get("/family/me")).text
        await visitor.post("/family/me/consents", data={"voice": "1"})
        assert "Nothing is ticked" not in (await visitor.get("/family/me")).text


async def test_a_bond_is_ended_once_and_its_rights_with_it(place: Place) -> None:
    daughter = await place.relative()
    base = f"/api/v1/elders/{place.elder}/relatives/{daughter.family_member_id}"
    word = {"given_as": "elder", "how": "paper", "on": "2026-11-21"}
    async with await client_of(place.app, place.clerk) as clerk:
        assert (await clerk.post(f"{base}/end")).status_code == 204
        again = await clerk.post(f"{base}/end")
        late = await clerk.post(f"{base}/rights", json={**word, "rights": ["alerts"]})
        nobody = await clerk.post(f"{base[:-1]}{'0' if base[-1] != '0' else '1'}/end")
    assert [(one.status_code, one.json()["code"]) for one in (again, late)] == [(409, "bond_ended")] * 2
    assert nobody.status_code == 404


async def test_a_refused_invitation_keeps_what_the_clerk_ticked(place: Place) -> None:
    form = {"name": "n", "phone": PHONE, "phone_again": "13800000000", "relation": "neighbour"}
    form |= {"right.alerts": "1", "right.decide": "1", "given_as": "elder", "how": "paper"}
    async with await client_of(place.app, place.clerk) as clerk:
        path = f"/desk/elders/{place.elder}/family/invitations"
        page = await clerk.post(path, data={**form, "consented_on": "2026-11-21"})
        ticked = [right for right in RIGHTS_OF_ALL if f'name="right.{right}" value="1" checked' in page.text]
    assert (page.status_code, ticked) == (422, ["alerts", "decide"])
