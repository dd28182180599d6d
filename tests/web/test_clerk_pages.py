"""The clerk's desk on pages: an application's way, a register from file to facts, matches decided in bulk."""

import io
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook, load_workbook

from core import person_facts
from core.accounts import Person
from services import schemes
from services.applications import applications
from services.matching import matches, runs
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW, id_number, make_elder
from tests.services.people.policies import OLD_AGE


@pytest.fixture
async def scheme(world: World) -> str:
    async with world.web.transaction(world.district) as conn:
        code = await conn.fetchval("SELECT code FROM district WHERE id = $1", world.district)
        text = OLD_AGE.replace('"370503"', f'"{code}"')
        await schemes.load(conn, district=world.district, district_code=code, text=text, now=NOW)
    return "old_age"


async def old(world: World, nth: int) -> UUID:
    """Make somebody of 84, registered here."""
    async with world.web.transaction(world.district) as conn:
        elder = await make_elder(conn, world.keys, world.district, id_number=id_number(nth), name="王秀英")
        code = await conn.fetchval("SELECT code FROM district WHERE id = $1", world.district)
        fact: dict[str, Any] = {"kind": "household", "value": code, "valid_from": date(2026, 1, 1)}
        fact |= {"valid_to": None, "source": "clerk", "source_id": None, "now": NOW}
        await person_facts.record(conn, district=world.district, elder=elder, **fact)
    return elder


async def state(world: World, application: str) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await applications.find(conn, UUID(application))


async def test_an_application_goes_its_way_on_pages(
    app: FastAPI, world: World, everybody: dict[str, Person], scheme: str
) -> None:
    elder = await old(world, 711)
    async with await client_of(app, everybody["clerk"], "zh-CN") as clerk:
        given = {"scheme_code": scheme, "elder": str(elder), "documents": ["id_card"]}
        made = await clerk.post("/clerk/applications", data=given)
        page = made.headers["location"]
        early = await clerk.post(f"{page}/pass")
        await clerk.post(f"{page}/complete", data={"paper-household_book": "1"})
        shown = await clerk.get(page)
        passed = await clerk.post(f"{page}/pass", data={"note": "已核"})
        own = await clerk.post(f"{page}/approve")
    async with await client_of(app, everybody["approver"], "zh-CN") as approver:
        records = await approver.get(f"{page}/standing")
        done = await approver.post(f"{page}/approve")
    row = await state(world, page.rsplit("/", 1)[1])
    assert (made.status_code, early.status_code, passed.status_code, done.status_code) == (303, 422, 303, 303)
    assert own.status_code == 409
    assert "待接收" not in shown.text
    assert "转下一环节" in shown.text
    assert "符合条件" in records.text
    assert (row["state"], row["starts_on"]) == ("approved", date(2026, 11, 1))


async def test_somebody_new_applies_and_wrong_fields_are_named_beside_them(
    app: FastAPI, everybody: dict[str, Person], scheme: str
) -> None:
    given = {"scheme_code": scheme, "name": "李四", "id_number": "370503194203050001"}
    async with await client_of(app, everybody["clerk"], "zh-CN") as clerk:
        wrong = await clerk.post("/clerk/applications", data=given)
        made = await clerk.post("/clerk/applications", data={**given, "id_number": id_number(712)})
        page = made.headers["location"]
        shown = await clerk.get(page)
        bad = await clerk.post(f"{page}/register", data={"lat": "north", "lon": "118"})
        far = await clerk.post(f"{page}/register", data={"lat": "97", "lon": "118"})
        good = await clerk.post(f"{page}/register", data={"lat": "37.9", "lon": "118.6", "address": "仙河镇"})
        odd = await clerk.post(f"{page}/reward")
        twice = await clerk.post("/clerk/applications", data={**given, "id_number": id_number(712)})
    statuses = [one.status_code for one in (wrong, made, bad, far, good, odd, twice)]
    assert statuses == [422, 303, 422, 422, 303, 404, 409]
    assert "李四" in wrong.text
    assert id_number(712) not in shown.text
    assert "37050319" not in shown.text


async def test_an_application_leaves_the_district_and_the_page_shows_a_stub(
    app: FastAPI, world: World, pool_owner: Any, everybody: dict[str, Person], scheme: str
) -> None:
    async with pool_owner.transaction() as conn:
        await conn.execute(
            "INSERT INTO district (id, code, name, created_at)"
            " VALUES (gen_random_uuid(), '341302', '埇桥区', now())"
        )
    async with await client_of(app, everybody["clerk"], "zh-CN") as clerk:
        given = {"scheme_code": scheme, "name": "李四", "id_number": id_number(712)}
        page = (await clerk.post("/clerk/applications", data=given)).headers["location"]
        moved = await clerk.post(f"{page}/hand-over", data={"district": "341302"})
        stub = await clerk.get(page)
    row = await state(world, page.rsplit("/", 1)[1])
    assert (moved.status_code, row["state"], row["person_sealed"]) == (303, "handed_over", None)
    assert "埇桥区" in stub.text
    assert "李四" not in stub.text


def listed(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in (("姓名", "身份证号", "救助类别", "开始日期"), *rows):
        book.active.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


async def bring(clerk: httpx.AsyncClient, content: bytes) -> httpx.Response:
    sheet = {"sheet": ("低保.xlsx", content)}
    return await clerk.post(
        "/clerk/registers", data={"register": "assistance", "as_of": "2026-11-01"}, files=sheet
    )


async def test_a_register_is_looked_at_imported_and_recognised(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    elder = await old(world, 711)
    content = listed(("王秀英", id_number(711), "低保", "2026-03-01"))
    async with await client_of(app, everybody["clerk"], "zh-CN") as clerk:
        page = (await bring(clerk, content)).headers["location"]
        ready = await clerk.get(page)
        done = await clerk.post(f"{page}/apply")
        again = await bring(clerk, content)
        late = await clerk.post(f"{page}/discard")
        whole = await clerk.get("/clerk/registers?register=assistance")
    async with world.web.transaction(world.district) as conn:
        values = [
            row["value"] for row in await person_facts.history(conn, elder) if row["kind"] == "assistance"
        ]
    assert (done.status_code, again.status_code, late.status_code, values) == (303, 409, 409, ["dibao"])
    assert "整体导入" in ready.text
    assert "低保.xlsx" in whole.text


async def test_mistakes_are_shown_by_row_and_go_out_as_a_file(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    content = listed(("王", 3.70503e17, "低保", "2026-03-01"), ("李", id_number(711), "低保", "21-3-1"))
    async with await client_of(app, everybody["clerk"], "zh-CN") as clerk:
        page = (await bring(clerk, content)).headers["location"]
        shown = await clerk.get(page)
        book = load_workbook(io.BytesIO((await clerk.get(f"{page}/mistakes.xlsx")).content))
        plain = (await clerk.get(f"{page}/mistakes.csv")).content.decode("utf-8-sig")
        refused = await clerk.post(f"{page}/apply")
        empty = await clerk.post("/clerk/registers", data={"register": "death", "as_of": "2026-11-01"})
    rows = [[cell.value for cell in row][:2] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [row[0] for row in rows] == [2, 3]
    assert "3.70503E+17" in shown.text
    assert "年份只有两位" in plain
    assert (refused.status_code, empty.status_code) == (409, 422)


async def test_headings_and_sources_are_kept(app: FastAPI, everybody: dict[str, Person]) -> None:
    async with await client_of(app, everybody["admin"], "zh-CN") as admin:
        kept = await admin.post(
            "/clerk/registers/mapping", data={"register": "death", "head-died_on": "亡故日"}
        )
        shown = await admin.get("/clerk/registers?register=death")
        source = {"register": "death", "url": "http://127.0.0.1:9/r", "auth": "hmac", "secret": "x" * 16}
        pointed = await admin.post("/clerk/registers/source", data=source)
        far = await admin.post("/clerk/registers/source", data={**source, "url": "https://a.example/r"})
        fetched = await admin.get("/clerk/registers?register=death")
        cleared = await admin.post("/clerk/registers/source", data={"register": "death", "url": ""})
        odd = await admin.post("/clerk/registers/mapping", data={"register": "poems"})
    statuses = [one.status_code for one in (kept, pointed, far, cleared, odd)]
    assert statuses == [303, 303, 422, 303, 404]
    assert "亡故日" in shown.text
    assert "http://127.0.0.1:9/r" in fetched.text
    assert "x" * 16 not in fetched.text


async def test_matches_are_decided_in_bulk_and_each_outcome_is_said(
    app: FastAPI, world: World, pool_worker: Any, everybody: dict[str, Person], scheme: str
) -> None:
    await old(world, 711)
    await old(world, 712)
    async with await client_of(app, everybody["clerk"], "zh-CN") as clerk:
        started = await clerk.post("/clerk/matches/run")
        under_way = await clerk.get("/clerk/matches/progress")
        again = await clerk.post("/clerk/matches/run")
        assert await runs.page(pool_worker, world.district, NOW) is not None
        async with world.web.transaction(world.district) as conn:
            ids = [str(row["id"]) for row in await matches.list_(conn, scheme=scheme)]
        page = await clerk.get(f"/clerk/matches?kind=not_enrolled&scheme={scheme}")
        chosen = {"match": ids, "action": "enrol", "kind": "not_enrolled", "scheme": scheme}
        done = await clerk.post("/clerk/matches", data=chosen)
        twice = await clerk.post("/clerk/matches", data=chosen)
        silent = await clerk.post("/clerk/matches", data={**chosen, "action": "dismiss"})
        home = await clerk.get("/clerk")
    statuses = [one.status_code for one in (started, under_way, again, done, twice, silent, home)]
    assert (statuses, len(ids)) == ([303, 200, 409, 200, 200, 422, 200], 2)
    assert "every 3s" in under_way.text
    assert "本地户籍" in page.text
    assert "已办结" in done.text or "完成" in done.text
    assert "此前已处理" in twice.text


async def test_a_family_applies_for_its_own_elder_and_withdraws(
    app: FastAPI, world: World, everybody: dict[str, Person], scheme: str
) -> None:
    other = await old(world, 711)
    async with await client_of(app, everybody["family"], "zh-CN") as family:
        page = f"/family/applications/{world.elder}"
        made = await family.post(page, data={"scheme_code": scheme})
        shown = await family.get(page)
        twice = await family.post(page, data={"scheme_code": scheme})
        async with world.web.transaction(world.district) as conn:
            [row] = await applications.list_(conn, elder_id=world.elder)
        gone = await family.post(f"{page}/{row['id']}/withdraw")
        late = await family.post(f"{page}/{row['id']}/withdraw")
        strange = await family.post(f"/family/applications/{other}", data={"scheme_code": scheme})
    assert [one.status_code for one in (made, twice, gone, late, strange)] == [303, 409, 303, 409, 404]
    assert "户口簿" in shown.text
