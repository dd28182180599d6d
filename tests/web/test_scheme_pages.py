"""Schemes on their pages: proposed with errors said, compared, tried out, signed by another person."""

from uuid import UUID

from fastapi import FastAPI

from core.accounts import Person
from services import schemes
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.services.schemes.people import FOLDER
from tests.services.worlds import TEXT

CARE = (FOLDER / "hekou_tekun_care.toml").read_text("utf-8")
SECOND = (
    TEXT.replace("version = 1\n", "version = 2\n")
    .replace("effective_from = 2021-01-01", "effective_from = 2027-01-01")
    .replace('severe = "320.00"', 'severe = "350.00"')
)


async def stored(world: World, *texts: str) -> list[UUID]:
    async with world.web.transaction(world.district) as conn:
        given = {"district": world.district, "district_code": "370503", "now": NOW}
        return [await schemes.load(conn, text=text, **given) for text in texts]  # type: ignore[arg-type]


async def test_a_clerk_proposes_and_an_approver_signs_what_the_diff_shows(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    [first] = await stored(world, TEXT)
    async with (
        await client_of(app, everybody["clerk"], "zh-CN") as clerk,
        await client_of(app, everybody["approver"], "zh-CN") as approver,
    ):
        prepared = (await clerk.get(f"/desk/schemes/new?after={first}")).text
        made = await clerk.post("/desk/schemes", data={"body": SECOND})
        place = made.headers["location"]
        own = (await clerk.get(place)).text
        read = (await approver.get(place)).text
        stale = await approver.post(f"{place}/sign", data={"sha256": "0" * 64})
        digest = read.split('name="sha256" value="')[1][:64]
        signed = await approver.post(f"{place}/sign", data={"sha256": digest})
        after = (await approver.get(place)).text
        again = await approver.post(f"{place}/sign", data={"sha256": digest})
        listed = (await approver.get("/desk/schemes")).text
    assert "version = 2" in prepared
    assert "须由另一人签署" in own
    assert "/sign" not in own
    assert "<del>severe = &#34;320.00&#34;</del><ins>severe = &#34;350.00&#34;</ins>" in read
    assert (stale.status_code, signed.status_code, again.status_code) == (409, 303, 409)
    assert "/sign" not in after
    assert "2026" in listed


async def test_what_is_wrong_in_a_file_is_said_by_field_and_the_text_is_kept(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    await stored(world, TEXT)
    async with await client_of(app, everybody["clerk"]) as client:
        spelt = await client.post("/desk/schemes", data={"body": TEXT.replace('"320.00"', '"320"  # kept\n')})
        gap = SECOND.replace("effective_from = 2027-01-01", "effective_from = 2020-01-01")
        earlier = await client.post("/desk/schemes", data={"body": gap})
        none = await client.post("/desk/schemes", data={"body": "severe = "})
        wrong = await client.post("/desk/schemes", data={"body": SECOND.replace('"350.00"', '"350.005"')})
    assert spelt.status_code == 409
    assert earlier.status_code == 409
    assert "不晚于第 1 版" in earlier.text
    assert (none.status_code, wrong.status_code) == (422, 422)
    assert "<code>rates.severe</code>" in wrong.text
    assert "350.005" in wrong.text


async def test_a_case_is_tried_and_explained_in_words(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    visits, care = await stored(world, TEXT, CARE)
    async with await client_of(app, everybody["auditor"]) as client:
        bath = {"grade": "moderate", "service": "bath", "on": "2026-11-21", "used": "210", "units": "1"}
        priced = (await client.post(f"/desk/schemes/{visits}/try", data=bath)).text
        month = {"grade": "partial", "assistance": "tekun", "month": "2026-12"}
        due = (await client.post(f"/desk/schemes/{care}/try", data=month)).text
        nobody = (await client.post(f"/desk/schemes/{care}/try", data={**month, "assistance": ""})).text
        bad = (await client.post(f"/desk/schemes/{visits}/try", data={**bath, "on": "soon"})).text
    assert "个人支付 30.00 元" in priced
    assert "应发 350.13 元" in due
    assert "第 12 月为 350.13 元" in due
    assert "并非每天都发放" in nobody
    assert "<code>on</code>" in bad


async def test_a_draft_is_withdrawn_and_may_be_proposed_again(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    async with (
        await client_of(app, everybody["clerk"]) as clerk,
        await client_of(app, everybody["admin"]) as admin,
    ):
        place = (await clerk.post("/desk/schemes", data={"body": TEXT})).headers["location"]
        gone = await clerk.post(f"{place}/withdraw")
        twice = await clerk.post(f"{place}/withdraw")
        again = (await clerk.post("/desk/schemes", data={"body": TEXT})).headers["location"]
        listed = (await admin.get("/desk/schemes")).text
    assert (gone.status_code, twice.status_code, again) == (303, 409, place)
    assert "待第二人签署" in listed
