"""What-ifs and reports as people meet them: begun, followed, read, taken along, published."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import docx
import openpyxl
import pytest
from fastapi import FastAPI

from core.accounts import Person
from services import schemes
from services.whatif import runs
from tests.dashboards.clients import client_of
from tests.dashboards.reporting import PAGES, TEXT, make_reporting
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.web.conftest import CountingPool

MOST = 12
HEKOU = TEXT.read_text("utf-8")


@pytest.fixture
async def ids(world: World, everybody: dict[str, Person]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    async with world.web.transaction(world.district) as conn:
        given = {"district": world.district, "district_code": everybody["clerk"].district_code}
        await schemes.load(conn, **given, text=HEKOU, now=NOW)  # type: ignore[arg-type]
    await make_reporting(world, found, everybody["clerk"])
    return found


async def test_every_page_is_whole_in_each_language_and_costs_few_statements(
    app: FastAPI, everybody: dict[str, Person], ids: dict[str, UUID], counting: CountingPool
) -> None:
    for language in ("zh-CN", "en"):
        client = await client_of(app, everybody["auditor"])
        async with client:
            for route in PAGES:
                address = route.format(**{name: str(value) for name, value in ids.items()})
                counting.statements.clear()
                answer = await client.get(address, headers={"Accept-Language": language})
                assert (route, answer.status_code) in {(route, 200), (route, 204)}
                assert (route, len(counting.statements) <= MOST) == (route, True)
                is_page = answer.headers.get("content-type", "").startswith("text/html")
                assert not is_page or "%(" not in answer.text


async def test_a_what_if_is_begun_on_the_page_and_read_when_it_is_done(
    app: FastAPI, world: World, everybody: dict[str, Person]
) -> None:
    client = await client_of(app, everybody["clerk"])
    async with client:
        form = {"body": HEKOU, "months": "3", "population": "eligible"}
        begun = await client.post("/desk/what-ifs", data=form)
        assert begun.status_code == 303
        page = begun.headers["location"]
        assert "hx-get" in (await client.get(page)).text
        await runs.tick(world.worker, lambda: NOW + timedelta(seconds=1))
        done = await client.get(page)
    assert "chart-what-if" in done.text
    assert "hx-get" not in done.text


async def test_a_wrong_text_is_named_and_stays_in_the_form(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    client = await client_of(app, everybody["clerk"])
    async with client:
        answer = await client.post("/desk/what-ifs", data={"body": "code = 1", "months": "3"})
    assert answer.status_code == 422
    assert "code = 1" in answer.text


async def test_a_period_that_is_not_over_is_refused_in_words(
    app: FastAPI, everybody: dict[str, Person]
) -> None:
    client = await client_of(app, everybody["approver"])
    async with client:
        answer = await client.post("/desk/reports", data={"period": "2026H2"})
        published = await client.post("/desk/reports", data={"period": "2026H1"})
    assert answer.status_code == 409
    assert "notice" in answer.text
    assert published.status_code == 303


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_report_is_a_document_and_a_workbook(
    app: FastAPI, everybody: dict[str, Person], ids: dict[str, UUID], language: str
) -> None:
    client = await client_of(app, everybody["auditor"])
    headers = {"Accept-Language": language}
    async with client:
        paper = await client.get(f"/desk/reports/{ids['report_id']}/report.docx", headers=headers)
        sheet = await client.get("/desk/reports/live.xlsx?period=2026H2", headers=headers)
        seen = await client.get(f"/desk/reports/{ids['report_id']}", headers=headers)
    document = docx.Document(io.BytesIO(paper.content))
    assert len(document.tables) == 8  # seven groups, and what the figures mean
    said = document.core_properties
    assert said.author
    assert said.title == f"{said.author} {document.paragraphs[0].text.removeprefix(said.author).strip()}"
    assert ("python-docx" in f"{said.author}{said.comments}", said.created) == (False, None)
    digest = next(text for text in (one.text for one in document.paragraphs) if "SHA-256" in text)
    assert digest.rsplit(": ", 1)[1] in seen.text
    fonts: Any = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia") == "SimSun"
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[1][2:5] == (0, 0, 0)
