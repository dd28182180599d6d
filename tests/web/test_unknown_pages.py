"""What is asked for by nobody, is not there, or is a file."""

from fastapi import FastAPI

from core.accounts import Person
from tests.dashboards.clients import anonymous, client_of


async def test_who_is_not_logged_in_is_asked_who_they_are(app: FastAPI) -> None:
    async with anonymous(app) as client:
        page = await client.get("/desk/claims?month=2026-11")
        part = await client.get("/console", headers={"HX-Request": "true"})
    assert (page.status_code, page.headers["location"]) == (
        303,
        "/login?next=%2Fdesk%2Fclaims%3Fmonth%3D2026-11",
    )
    assert (part.status_code, part.headers["hx-redirect"]) == (204, "/login")


async def test_a_page_that_is_not_there_says_so_in_chinese(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    async with await client_of(app, everybody["operator"], "zh-CN") as client:
        lost = await client.get("/console/cases/0193e5a0-0000-7000-8000-000000000000")
        odd = await client.get("/console/cases/nothing")
    assert (lost.status_code, odd.status_code) == (404, 404)
    assert "内容不存在" in lost.text


async def test_a_static_file_is_kept_for_good_only_by_its_mark(app: FastAPI) -> None:
    async with anonymous(app) as client:
        marked = await client.get("/static/css/base.css?v=abc")
        plain = await client.get("/static/css/base.css")
    assert "immutable" in marked.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
