"""Questions, person card, contacts, gaps and protocols on their pages, as people use them."""

import re
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core import consents
from core.accounts import Person
from dispatch.cover import gaps
from dispatch.protocol_scripts import OURS
from tests.dashboards.asking import picture
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW


def page(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


async def test_an_operator_answers_by_the_buttons_and_sees_what_to_do(
    app: FastAPI, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    case = things["case_id"]
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        before = (await client.get(f"/console/cases/{case}")).text
        assert 'data-digit="1"' in before
        assert "有人应答吗" in before
        form = {"node": "sos_answered", "answer": "yes", "was": ""}
        await client.post(f"/console/cases/{case}/answer", data=form)
        answer = await client.post(
            f"/console/cases/{case}/answer", data={"node": "conscious", "answer": "no", "was": ""}
        )
        assert answer.status_code == 303
        text = page((await client.get(f"/console/cases/{case}")).text)
        assert "立即拨打 120" in text
        assert "呼吸怎么样" in text
        late = await client.post(f"/console/cases/{case}/answer", data={**form, "answer": "no"})
        assert (late.status_code, "请先看看再修改" in late.text) == (409, True)
        grave = await client.post(f"/console/cases/{case}/severity", data={"severity": "3", "was": "1"})
        assert grave.status_code == 303
        wrong = await client.post(f"/console/cases/{case}/severity", data={"severity": "x", "was": "1"})
        assert wrong.status_code == 422


async def test_the_api_says_the_questions_in_the_readers_language(
    app: FastAPI, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    path = f"/api/v1/cases/{things['case_id']}"
    async with await client_of(app, everybody["operator"], "en") as client:
        first: Any = (await client.get(f"{path}/protocol")).json()
        assert first["question"]["choices"] == [
            {"code": "yes", "says": "Yes", "below": None},
            {"code": "no", "says": "No", "below": None},
        ]
        given = {"node": "sos_answered", "answer": "no", "version": first["version"]}
        after: Any = (await client.post(f"{path}/protocol/answer", json=given)).json()
        assert (after["severity"], after["advice"][0]["code"]) == (1, "send")
        other = await client.post(f"{path}/protocol/answer", json={**given, "version": "v99"})
        assert (other.status_code, other.json()["code"]) == (409, "protocol_changed")
        set_ = await client.post(f"{path}/severity", json={"severity": 2, "was": 1, "note": "seen"})
        assert (set_.json()["case_severity"], set_.json()["overridden_by"]) == (2, everybody["operator"].name)


async def test_a_clerk_keeps_the_card_and_who_was_late_is_told(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    path = f"/desk/elders/{world.elder}/card"
    card = {
        "medicines": "华法林 | 2.5 mg | 每晚 | 抗凝",
        "hearing": "hard",
        "aids": ["cane"],
        "revision": "0",
    }
    async with await client_of(app, everybody["clerk"], "zh-CN") as client:
        assert (await client.post(path, data=card)).status_code == 303
        text = page((await client.get(path)).text)
        assert "核对" in text
        late = await client.post(path, data=card)
        assert (late.status_code, "刚被他人修改" in late.text) == (409, True)
        bad = await client.post(path, data={**card, "revision": "1", "medicines": "a | b | c | d | e"})
        assert (bad.status_code, "第 1 行" in bad.text) == (422, True)
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        text = page((await client.get(f"/console/cases/{things['case_id']}")).text)
    for word in ("华法林", "2.5 mg", "每晚", "抗凝", "重听", "拐杖"):
        assert word in text


@pytest.mark.parametrize(
    ("phone", "says"),
    [
        ("1380000111", "位数不够"),
        ("8211234", "缺少区号"),
        ("120", "紧急号码"),
        ("13800001111、13900002222", "多个号码"),
    ],
)
async def test_a_mistyped_number_is_refused_at_its_field(
    app: FastAPI, world: World, everybody: dict[str, Person], phone: str, says: str
) -> None:
    form = {"name": "王芳", "relation": "daughter", "phone": phone, "priority": "1"}
    async with await client_of(app, everybody["clerk"], "zh-CN") as client:
        answer = await client.post(f"/desk/elders/{world.elder}/contacts", data=form)
    assert (answer.status_code, says in answer.text) == (422, True)


async def test_one_number_for_everybody_is_kept_and_warned_of(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    path = f"/desk/elders/{world.elder}"
    async with await client_of(app, everybody["clerk"], "zh-CN") as client:
        listed = re.findall(r"/contacts/([0-9a-f-]{36})/end", (await client.get(f"{path}/card")).text)
        for member in listed:
            await client.post(f"{path}/contacts/{member}/end")
        assert "没有联系人" in (await client.get(f"{path}/card")).text
        for name in ("王芳", "王强"):
            form = {"name": name, "relation": "son", "phone": "138 0000 2222", "priority": "1"}
            assert (await client.post(f"{path}/contacts", data=form)).status_code == 303
        text = (await client.get(f"{path}/card")).text
        assert "同一个号码" in text
        member = re.findall(r"/contacts/([0-9a-f-]{36})/end", text)[0]
        changed = {"name": "王芳", "relation": "daughter", "phone": "0546-8211234转12", "has_key": "yes"}
        await client.post(f"{path}/contacts/{member}", data={**changed, "priority": "2"})
        text = (await client.get(f"{path}/card")).text
        assert "同一个号码" not in text
        assert "没有人有钥匙" not in text


@pytest.mark.usefixtures("things")
async def test_a_photo_is_encoded_anew_shown_while_consented_and_refused_without(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    path = f"/desk/elders/{world.elder}/photo"
    async with await client_of(app, everybody["clerk"], "en") as client:
        sent = await client.post(path, files={"photo": ("a.jpg", picture((2000, 1000)), "image/jpeg")})
        assert sent.status_code == 303
        shown = await client.get(path)
        assert (shown.headers["content-type"], len(shown.content) < 20_000) == ("image/jpeg", True)
        bad = await client.post(path, files={"photo": ("a.jpg", b"\xff\xd8 no picture", "image/jpeg")})
        assert bad.status_code == 422
        async with world.web.transaction(world.district) as conn:
            rows = await consents.history(conn, consents.Subject(elder=world.elder))
            photo = next(row for row in rows if row["item"] == "photo" and row["withdrawn_at"] is None)
            await conn.execute(
                "UPDATE consent SET withdrawn_at = $2, withdrawn_as = 'elder', withdrawn_how = 'paper',"
                " reason = 'changed_mind' WHERE id = $1",
                photo["id"],
                NOW,
            )
        assert (await client.get(path)).status_code == 404
        refused = await client.post(path, files={"photo": ("a.jpg", picture(), "image/jpeg")})
        assert (refused.status_code, "同意" in refused.text) == (409, True)


async def test_a_gap_is_taken_once_and_closes_by_itself(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    gap = things["cover_gap_id"]
    async with await client_of(app, everybody["duty_manager"], "en") as client:
        assert "无人值班" in (await client.get("/desk/gaps")).text
        assert (await client.post(f"/desk/gaps/{gap}/take")).status_code == 303
    async with await client_of(app, everybody["admin"], "en") as client:
        late = await client.post(f"/desk/gaps/{gap}/take")
        assert (late.status_code, f"{everybody['duty_manager'].name} 自" in late.text) == (409, True)
    async with world.web.transaction(world.district) as conn:
        assert [row["kind"] for row in await gaps.open_(conn)] == ["no_operator"]


async def test_a_script_is_written_judged_tried_and_put_in_force(
    app: FastAPI, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    async with await client_of(app, everybody["admin"], "en") as client:
        text = (await client.get("/admin/protocols")).text
        was = re.findall(r'name="was" value="([0-9a-f]*)"', text)[0]
        broken = OURS.replace('next = "breathing"', 'next = "nowhere"', 1)
        assert (await client.post("/admin/protocols", data={"words": broken, "was": was})).status_code == 303
        text = (await client.get("/admin/protocols")).text
        assert "指向不存在的问题" in text
        line = next(n for n, row in enumerate(broken.splitlines(), 1) if "nowhere" in row)
        assert f"第 {line} 行" in text
        lost = await client.post("/admin/protocols", data={"words": OURS, "was": was})
        assert lost.status_code == 409
        was = re.findall(r'name="was" value="([0-9a-f]*)"', text)[0]
        await client.post("/admin/protocols", data={"words": OURS, "was": was})
        draft = things["protocol_script_id"]
        tried = await client.get(
            f"/admin/protocols/{draft}/try",
            params={"start": "sos", "a": ["sos_answered:yes", "conscious:no"]},
        )
        assert "立即拨打 120" in tried.text
        assert (await client.post(f"/admin/protocols/{draft}/activate")).status_code == 303
        assert "本区第 1 版" in (await client.get("/admin/protocols")).text
        assert (await client.post(f"/admin/protocols/{draft}/activate")).status_code == 409
        assert (await client.post(f"/admin/protocols/{draft}/retire")).status_code == 303
