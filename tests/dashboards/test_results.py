"""The result on paper, and a form with both signatures over HTTP."""

from typing import Any

from fastapi import FastAPI

from dashboards.papers import Paper, polylines
from services.assessment_signatures import Drawn
from tests import makers
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.services.assessing.papers import WORSE, Sheet


def sent(drawn: Drawn) -> dict[str, Any]:
    return {
        "path": drawn.path,
        "statement": dict(drawn.statement),
        "digest": drawn.digest,
        "at": drawn.signed_at.isoformat(),
    }


async def test_a_tablets_form_with_both_signatures_is_kept_once_and_printed(
    app: FastAPI, world: World
) -> None:
    sheet = Sheet(world.elder, WORSE)
    async with world.web.transaction(world.district) as conn:
        one, two = [await makers.make_person(conn, world.district, "assessor") for _ in range(2)]
    second = sheet.second(world.keys, two)
    box = {"key": second.login.key, "nonce": second.login.nonce, "box": second.login.box}
    body = {
        "id": str(sheet.id),
        "elder_id": str(sheet.elder),
        "items": sheet.items,
        "reason": "routine",
        "assessed_on": sheet.on.isoformat(),
        "informant": "child",
        "notes": {"B.1.1": "偶有呛咳"},
        "signature": sent(sheet.drawn()),
        "second": {**sent(second.drawn), **box},
    }
    async with await client_of(app, one, "zh-CN") as client:
        broken = {**body, "second": {**sent(second.drawn), **box, "box": "AAAA"}}
        wrong = await client.post("/api/v1/assessments", json=broken)
        made = [await client.post("/api/v1/assessments", json=body) for _ in range(2)]
        full = (await client.get(f"/api/v1/assessments/{sheet.id}")).json()
        paper = await client.get(f"/api/v1/assessments/{sheet.id}/result")
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "sealed")
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["grade_id"] == made[1].json()["grade_id"]
    assert (full["grade"], full["notes"], full["valid_to"]) == (
        "moderate",
        {"B.1.1": "偶有呛咳"},
        "2027-11-14",
    )
    assert [one["is_intact"] for one in full["signatures"]] == [True, True]
    assert "自理能力" in full["explanation"]
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")


def test_the_typeface_is_embedded_and_cut_to_the_letters_in_use() -> None:
    paper = Paper("zh-CN", "能力评估", "第一页")
    paper.heading("老年人能力评估结果")
    paper.drawing("M10 10 L90 60 M5 5")
    body = paper.done()
    assert b"NotoSansSC" in body
    assert b"/FontFile" in body
    assert b"/ToUnicode" in body
    assert len(body) < 60_000


def test_strokes_become_lines_and_a_touch_a_dot() -> None:
    assert polylines("M1 2 L3 4 M5 6 ") == [[(1.0, 2.0), (3.0, 4.0)], [(5.0, 6.0), (6.0, 6.0)]]
    assert polylines("") == []
