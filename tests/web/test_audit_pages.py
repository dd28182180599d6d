"""The auditor's desk: from a total to the device, files with their filter, the evidence, complaints."""

import io
import json
import re
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest
from fastapi import FastAPI

from core import audit, signing
from core.accounts import Person
from core.ids import new_id
from services.evidence import verifying
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.makers import NOW

BUDGET = """INSERT INTO budget (id, district_id, year, ceiling, proposed_by, proposed_at,
                                signed_by, signed_at) VALUES ($1, $2, 2026, 1000, $3, $5, $4, $5)"""
YEAR = "first=2026-01&last=2026-12"


@pytest.fixture
async def auditor(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> httpx.AsyncClient:
    del things
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")
    return await client_of(app, everybody["auditor"])


async def logged(world: World, action: str) -> list[dict[str, Any]]:
    async with world.web.transaction(world.district) as conn:
        return [dict(row) for row in await audit.list_(conn, limit=200) if row["action"] == action]


def addresses_in(page: str, begin: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(rf'href="({begin}[^"]*)"', page)]


async def test_from_a_total_every_step_is_one_link_down_to_the_visit_and_its_devices(
    auditor: httpx.AsyncClient, things: dict[str, UUID]
) -> None:
    address, seen = f"/audit/purchases?{YEAR}", []
    for _ in range(8):
        page = (await auditor.get(address)).text
        table = page.split("<tbody>")[1].split("</tbody>")[0]
        address = addresses_in(table, "/")[0]
        seen.append(address.split("?")[0])
        if address.startswith("/audit/claims"):
            break
    assert seen[-1] == "/audit/claims"
    claims = (await auditor.get(address)).text
    assert f"/audit/visits/{things['visit_id']}" in claims
    visit = (await auditor.get(f"/audit/visits/{things['visit_id']}")).text
    assert "devices told" in visit
    assert str(things["visit_photo_id"]) in visit


async def test_the_chart_and_the_table_say_the_same(auditor: httpx.AsyncClient) -> None:
    page = (await auditor.get(f"/audit/purchases?{YEAR}&by=service")).text
    drawn = json.loads(re.search(r'id="chart-purchases">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    option = drawn["option"]
    total = sum(option["series"][0]["data"]) + sum(option["series"][1]["data"])
    foot = page.split("<tfoot>")[1]
    assert f"¥{total:,.2f}" in foot
    assert option["yAxis"]["data"] == ["Meals"] or len(option["yAxis"]["data"]) >= 1


async def test_a_file_names_its_filter_its_maker_and_the_hash_of_its_lines(
    auditor: httpx.AsyncClient, world: World
) -> None:
    for view in ("purchases", "claims"):
        answer = await auditor.get(f"/audit/{view}.xlsx?{YEAR}")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        facts = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
        line = (await logged(world, "export"))[0]
        assert facts["SHA-256"] == line["detail"]["sha256"]
        assert facts["Filter"].startswith("first 2026-01, last 2026-12")
        assert line["detail"]["view"] == view
        assert book.worksheets[0].max_row == 1 + line["detail"]["rows"]
    text = (await auditor.get(f"/audit/claims.csv?{YEAR}")).text
    assert text.count("\n") == 1 + line["detail"]["rows"]


async def test_the_evidence_of_a_claim_is_a_signed_file_that_stands_on_the_log(
    auditor: httpx.AsyncClient, world: World, things: dict[str, UUID]
) -> None:
    answer = await auditor.post(f"/audit/claims/{things['claim_id']}/pack")
    key = (await auditor.get("/api/v1/evidence")).json()["keys"][-1]["public"]
    verdict = verifying.verify(answer.content, signing.verify, [key])
    assert verdict.is_whole
    assert verdict.values is not None
    assert verdict.values["pack", "claim"] == str(things["claim_id"])
    assert [line["subject_id"] for line in await logged(world, "evidence.pack")] == [things["claim_id"]]
    assert key in (await auditor.get("/audit/log")).text


async def test_who_looks_at_a_photo_stands_on_the_log(
    auditor: httpx.AsyncClient, world: World, things: dict[str, UUID]
) -> None:
    answer = await auditor.get(f"/audit/visits/{things['visit_id']}/photos/{things['visit_photo_id']}")
    assert answer.headers["content-type"].startswith("image/")
    assert things["visit_photo_id"] in [line["subject_id"] for line in await logged(world, "reveal")]


async def test_the_chains_can_be_checked_on_the_page(auditor: httpx.AsyncClient, world: World) -> None:
    async with world.worker.transaction(world.district) as conn:
        await audit.link(conn, world.district)
    assert "Both chains hold" in (await auditor.post("/audit/log/verify")).text


async def test_a_log_that_was_changed_under_the_page_is_named_by_its_line(
    auditor: httpx.AsyncClient, world: World, pool_owner: Any
) -> None:
    async with world.worker.transaction(world.district) as conn:
        await audit.link(conn, world.district)
    async with pool_owner.transaction(world.district) as conn:
        await conn.execute("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only")
        await conn.execute("UPDATE audit_log SET action = 'nothing' WHERE number = 1")
        await conn.execute("ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only")
    assert "Line 1 of the log does not fit" in (await auditor.post("/audit/log/verify")).text


async def test_a_budget_is_shown_with_what_is_spent_of_it(
    auditor: httpx.AsyncClient, world: World, everybody: dict[str, Person]
) -> None:
    hands = [everybody[role].account_id for role in ("clerk", "approver")]
    async with world.web.transaction(world.district) as conn:
        await conn.execute(BUDGET, new_id(), world.district, *hands, NOW)
        spent = await conn.fetchval("SELECT sum(approved) FROM purchase")
    page = (await auditor.get("/audit/budget?year=2026")).text
    assert f"¥{1000 - spent:,.2f}" in page
    assert "No ceiling" in (await auditor.get("/audit/budget?year=2020")).text


async def test_a_complaint_goes_from_the_form_to_its_end(
    auditor: httpx.AsyncClient, app: FastAPI, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    manager = await client_of(app, everybody["provider_manager"])
    form = {
        "source": "hotline",
        "number": "DY77",
        "kind": "short",
        "urgency": "urgent",
        "text": "twenty minutes only",
        "received_at": "2026-11-21T09:00",
        "visit": str(things["visit_id"]),
    }
    made = await auditor.post("/desk/complaints", data=form)
    page = made.headers["location"]
    assert "twenty minutes only" in (await auditor.get(page)).text
    assert (await manager.get(page)).status_code == 404  # not given to anybody yet
    provider = str(everybody["provider_manager"].provider_id)
    assert (await auditor.post(f"{page}/assign", data={"provider": provider})).status_code == 303
    assert (await manager.post(f"{page}/answer", data={"text": "made up for"})).status_code == 303
    assert (await auditor.post(f"{page}/return", data={"text": "when?"})).status_code == 303
    assert (await manager.post(f"{page}/answer", data={"text": "on the 22nd"})).status_code == 303
    done = await auditor.post(f"{page}/close", data={"outcome": "upheld", "satisfied": "yes"})
    assert done.status_code == 303
    last = (await auditor.get(page)).text
    assert "Upheld" in last
    assert "on the 22nd" in last
    late = await manager.post(f"{page}/answer", data={"text": "again"})
    assert (late.status_code, "has gone on meanwhile" in late.text) == (409, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": ""}, "Please write something"),
        ({"received_at": "yesterday"}, "Please give a date"),
        ({"received_at": "2027-01-01T00:00"}, "Must not lie in the future"),
        ({"kind": "x"}, "Not one of the choices"),
        ({"source": "family", "number": "DY1"}, "has been taken already"),
    ],
)
async def test_what_is_wrong_with_a_complaint_is_said_beside_its_field(
    auditor: httpx.AsyncClient, more: dict[str, str], said: str
) -> None:
    form = {
        "source": "hotline",
        "kind": "late",
        "urgency": "ordinary",
        "text": "an hour late",
        "received_at": "2026-11-21T09:00",
    }
    answer = await auditor.post("/desk/complaints", data={**form, **more})
    assert answer.status_code in (409, 422)
    assert said in answer.text


async def test_a_complaint_without_a_provider_is_given_to_nobody(
    auditor: httpx.AsyncClient, things: dict[str, UUID]
) -> None:
    page = f"/desk/complaints/{things['complaint_id']}"
    for provider in ("", str(new_id())):
        answer = await auditor.post(f"{page}/assign", data={"provider": provider})
        assert (answer.status_code, "Please fill this in" in answer.text) == (422, True)


async def test_a_providers_manager_sees_its_own_complaint_without_the_telephone(
    app: FastAPI, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    manager = await client_of(app, everybody["provider_manager"])
    listed = (await manager.get("/desk/complaints")).text
    assert str(things["complaint_id"]) in listed
    page = (await manager.get(f"/desk/complaints/{things['complaint_id']}")).text
    assert "an hour late" in page
    assert "Call back" not in page
