"""What people do on the pages: a console's case, a phone's visit, the form, the login."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from core.accounts import Person
from services.assessing import form
from tests.dashboards.clients import anonymous, client_of
from tests.dispatch.worlds import HOME, World, make_caregiver, make_case, make_operator
from tests.makers import PASSWORD

HTMX = {"HX-Request": "true"}


@pytest.fixture
async def case(world: World) -> UUID:
    return await make_case(world)


async def chinese(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'zh_CN'")


async def test_a_claim_shows_the_case_as_it_is_now_and_the_second_reads_who_was_first(
    app: FastAPI, world: World, case: UUID
) -> None:
    first, second = await make_operator(world), await make_operator(world)
    async with await client_of(app, first) as one, await client_of(app, second, "zh-CN") as two:
        mine = await one.post(f"/console/cases/{case}/claim", headers=HTMX)
        lost = await two.post(f"/console/cases/{case}/claim", headers=HTMX)
        bare = await one.get(f"/console/cases/{case}", headers=HTMX)
    assert (mine.status_code, 'data-state="claimed"' in mine.text) == (200, True)
    assert (lost.status_code, f"{first.name} 已先行认领" in lost.text) == (409, True)
    assert "<html" not in bare.text


async def test_without_scripts_an_action_leads_back_to_the_case(
    app: FastAPI, world: World, case: UUID
) -> None:
    async with await client_of(app, await make_operator(world)) as client:
        done = await client.post(f"/console/cases/{case}/claim")
    assert (done.status_code, done.headers["location"]) == (303, f"/console/cases/{case}")


async def test_a_case_cannot_be_closed_without_an_outcome_and_says_so_at_the_field(
    app: FastAPI, world: World, case: UUID
) -> None:
    async with await client_of(app, await make_operator(world), "zh-CN") as client:
        empty = await client.post(f"/console/cases/{case}/close", headers=HTMX)
        whole = await client.post(f"/console/cases/{case}/close", data={"outcome": "test"}, headers=HTMX)
    assert (empty.status_code, 'id="wrong-outcome">请从选项中选择。' in empty.text) == (422, True)
    assert (whole.status_code, 'data-state="closed"' in whole.text) == (200, True)


async def test_why_nobody_can_be_sent_is_shown_for_everybody_and_kept(
    app: FastAPI, world: World, case: UUID
) -> None:
    await make_caregiver(world, "asleep", on_shift=False)
    await make_caregiver(world, "cook", skills=("care",))
    async with await client_of(app, await make_operator(world), "zh-CN") as client:
        await client.post(f"/console/cases/{case}/claim", headers=HTMX)
        nobody = await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
    assert nobody.status_code == 409
    for words in ("目前无人可派", "asleep", "不在班", "cook", "无此项技能", "无人可派"):
        assert words in nobody.text


async def test_who_is_sent_is_shown_with_every_reason(app: FastAPI, world: World, case: UUID) -> None:
    await make_caregiver(world, "near")
    await make_caregiver(world, "far", km=6)
    async with await client_of(app, await make_operator(world), "zh-CN") as client:
        await client.post(f"/console/cases/{case}/claim", headers=HTMX)
        sent = await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
    assert sent.status_code == 200
    assert sent.text.index("分钟到达") < sent.text.index("到达更晚")


async def test_a_number_is_masked_until_it_is_asked_for_and_that_is_on_record(
    app: FastAPI, world: World, case: UUID
) -> None:
    operator = await make_operator(world)
    async with await client_of(app, operator) as client:
        page = await client.get(f"/console/cases/{case}")
        shown = await client.post(f"/console/elders/{world.elder}/reveal", data={"field": "phone"})
    assert "1380000" not in page.text
    assert 'href="tel:1380000' in shown.text
    async with world.web.transaction(world.district) as conn:
        line = await conn.fetchrow("SELECT account_id, detail FROM audit_log WHERE action = 'reveal'")
    assert line is not None
    assert (line["account_id"], line["detail"]) == (operator.account_id, {"field": "phone"})


async def send(world: World, client: httpx.AsyncClient, case: UUID) -> UUID:
    """Claim a case and send somebody."""
    await client.post(f"/console/cases/{case}/claim", headers=HTMX)
    await client.post(f"/console/cases/{case}/dispatch", headers=HTMX)
    async with world.web.transaction(world.district) as conn:
        found: UUID = await conn.fetchval("SELECT id FROM visit WHERE case_id = $1", case)
    return found


async def test_a_visit_is_accepted_checked_in_by_code_recorded_and_checked_out_on_the_phone(
    app: FastAPI, world: World, case: UUID
) -> None:
    carer, other = await make_caregiver(world), await make_caregiver(world, "other", km=5)
    await chinese(world)
    async with (
        await client_of(app, await make_operator(world)) as desk,
        await client_of(app, carer, "zh-CN") as phone,
        await client_of(app, other) as stranger,
    ):
        visit = await send(world, desk, case)
        url = f"/m/visits/{visit}"
        assert "待接单" in (await phone.get("/m")).text
        assert (await stranger.get(url)).status_code == 404
        early = await phone.post(f"{url}/check-in", headers=HTMX)
        assert (early.status_code, "不能“签到”" in early.text) == (409, True)
        assert (await phone.post(f"{url}/accept")).status_code == 303
        code = await token(world)
        there = await phone.get(f"/q/{code}")
        assert there.headers["location"] == f"{url}?qr={code}"
        await phone.post(
            f"{url}/check-in", data={"lat": HOME[0], "lon": HOME[1], "accuracy_m": 9, "qr": code}
        )
        assert "与老人交谈" in (await phone.get(url)).text
        given = {"done": ["spoke_with_elder", "nonsense"], "condition": "well", "note": " fine "}
        await phone.post(f"{url}/check-out", data=given)
        done = (await phone.get(url)).text
    assert "已完成并核验" in done
    async with world.web.transaction(world.district) as conn:
        row = await conn.fetchrow("SELECT record, check_in FROM visit WHERE id = $1", visit)
    assert row is not None
    assert row["record"] == {"done": ["spoke_with_elder"], "condition": "well", "note": "fine"}


async def token(world: World) -> str:
    from dispatch import qr  # noqa: PLC0415

    async with world.web.transaction(world.district) as conn:
        home = await conn.fetchrow("SELECT id, qr_secret FROM home WHERE id = $1", world.home)
    assert home is not None
    return qr.token_for(world.keys, home)


async def test_a_code_that_fits_no_visit_shows_the_day_and_says_so(app: FastAPI, world: World) -> None:
    async with await client_of(app, await make_caregiver(world)) as phone:
        wrong = await phone.get("/q/nonsense")
        right = await phone.get(f"/q/{await token(world)}")
    assert (wrong.status_code, right.status_code) == (404, 404)
    assert "与您今日的服务不符" in right.text


async def test_the_form_names_every_field_that_is_missing_in_chinese_and_keeps_the_others(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    await chinese(world)
    given: dict[str, Any] = {f"items.{item.code}": str(item.most) for item in form().items}
    full = {"elder": str(world.elder), "reason": "first", "assessed_on": "2026-11-20", **given}
    holes = {**full, "items.B.1.1": "", "items.B.2.4": "9", "adjustments.risk_events": "many"}
    async with await client_of(app, everybody["assessor"], "zh-CN") as client:
        wrong = await client.post("/desk/assessments", data=holes)
        future = await client.post("/desk/assessments", data={**full, "assessed_on": "2027-01-01"})
        right = await client.post("/desk/assessments", data=full)
        shown = await client.get(right.headers["location"])
        again = await client.post(f"{right.headers['location']}/sign")
    assert wrong.status_code == 422
    assert 'id="wrong-items.B.1.1">请填写此项。' in wrong.text
    assert 'id="wrong-items.B.2.4">数字超出允许范围。' in wrong.text
    assert 'id="wrong-adjustments.risk_events">' in wrong.text
    assert 'name="items.B.1.2" value="4" checked' in wrong.text
    assert (future.status_code, "不能晚于今天" in future.text) == (422, True)
    assert "90 / 90" in shown.text
    assert "能力完好" in shown.text
    assert (again.status_code, "第二签字须由另一位评估员完成" in again.text) == (409, True)


async def test_a_family_sees_who_handles_the_alarm_and_nobody_elses_elder(
    app: FastAPI, world: World, everybody: dict[str, Person], case: UUID
) -> None:
    operator = await make_operator(world)
    async with await client_of(app, operator) as desk:
        await desk.post(f"/console/cases/{case}/claim", headers=HTMX)
    await chinese(world)
    async with await client_of(app, everybody["family"], "zh-CN") as client:
        page = await client.get("/family")
        part = await client.get(f"/family/elders/{world.elder}", headers=HTMX)
        other = await client.get("/family/elders/0193e5a0-0000-7000-8000-000000000000")
    for shown in (page.text, part.text):
        assert "收到报警。" in shown
        assert f"呼叫中心 {operator.name} 正在处理。" in shown
    assert 'href="tel:13800001111"' in page.text or 'href="tel:120"' in page.text
    assert other.status_code == 404


async def test_a_login_lands_at_ones_work_and_a_wrong_one_is_told_in_chinese(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    login = everybody["clerk"].name
    async with anonymous(app, headers={"Accept-Language": "zh-CN"}) as client:
        wrong = await client.post("/login", data={"login": login, "password": "no"})
        away = await client.post(
            "/login", data={"login": login, "password": PASSWORD, "next": "//evil.example"}
        )
        home = await client.get("/")
        english = await client.post("/language", data={"language": "en", "next": "/desk/statements"})
        page = await client.get("/desk/statements")
        await client.post("/logout")
        gone = await client.get("/desk/statements")
    assert (wrong.status_code, "登录名或密码错误。" in wrong.text) == (401, True)
    assert (away.headers["location"], home.headers["location"]) == ("/clerk", "/clerk")
    assert (english.status_code, '<html lang="en"' in page.text) == (303, True)
    assert gone.headers["location"].startswith("/login")


async def test_a_form_from_another_site_is_refused(app: FastAPI, world: World) -> None:
    person = await make_operator(world)
    async with await client_of(app, person) as signed:
        cookie = signed.headers["authorization"].removeprefix("Bearer ")
    async with anonymous(app, cookies={"yl_session": cookie}) as client:
        sent = await client.post(
            "/language", data={"language": "en"}, headers={"Origin": "https://evil.example"}
        )
    assert sent.status_code == 403
