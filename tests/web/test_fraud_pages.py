"""The auditor looks at findings, decides, draws a sample and says what was found at the door."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World

FINDINGS, SAMPLES = "/desk/audit/findings", "/desk/audit/samples"


@pytest.fixture
async def auditor(app: FastAPI, world: World, everybody: dict[str, Person]) -> Any:
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")
    async with await client_of(app, everybody["auditor"], "en") as client:
        yield client


async def test_a_finding_says_what_shows_it_and_is_decided_once(
    auditor: Any, things: dict[str, UUID]
) -> None:
    listed = (await auditor.get(FINDINGS)).text
    assert "Shortened" in listed
    assert "20 minutes instead of 60." in listed
    page = f"{FINDINGS}/{things['finding_id']}"
    assert (await auditor.post(f"{page}/confirm", data={"reason": "device_fault"})).status_code == 422
    sent = await auditor.post(f"{page}/confirm", data={"reason": "documents", "note": "seen the book"})
    assert sent.status_code == 303
    shown = (await auditor.get(page)).text
    assert "By documents" in shown
    assert "seen the book" in shown
    again = await auditor.post(f"{page}/dismiss", data={"reason": "explained"})
    assert again.status_code == 409
    assert (
        "Shortened" not in (await auditor.get(f"{FINDINGS}?month=2026-11&state=open")).text.split("<form")[2]
    )


async def test_a_month_is_checked_by_hand(auditor: Any, things: dict[str, UUID]) -> None:
    del things
    assert "has not been checked yet" in (await auditor.get(f"{FINDINGS}?month=2026-10")).text
    assert (await auditor.post(f"{FINDINGS}/run", data={"month": "2026-10"})).status_code == 303
    assert "0 visits, 0 signs." in (await auditor.get(f"{FINDINGS}?month=2026-10")).text
    assert (await auditor.post(f"{FINDINGS}/run", data={"month": "October"})).status_code == 422


async def test_a_sample_is_drawn_asked_about_and_extrapolated(
    auditor: Any, world: World, things: dict[str, UUID]
) -> None:
    async with world.worker.transaction(world.district) as conn:
        month = await conn.fetchval("SELECT month FROM claim WHERE id = $1", things["claim_id"])
    given = {"month": f"{month:%Y-%m}", "size": "5", "seed": "a-seed"}
    drawn = await auditor.post(SAMPLES, data=given)
    assert drawn.status_code == 303
    page = drawn.headers["location"]
    first = (await auditor.get(page)).text
    assert "a-seed" in first
    assert "Nobody has been asked yet." in first
    item = first.split('id="item-')[1].split('"')[0]
    sent = await auditor.post(
        f"/desk/audit/sample-items/{item}", data={"outcome": "not_made", "note": "son says so"}
    )
    assert sent.status_code == 303
    assert "95% sure" in (await auditor.get(page)).text
    again = await auditor.post(f"/desk/audit/sample-items/{item}", data={"outcome": "as_billed"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    "given",
    [
        {"month": "soon", "size": "5"},
        {"month": "2026-11", "size": "many"},
        {"month": "2026-11", "size": "0"},
        {"month": "2026-11", "size": "5", "provider": "00000000-0000-7000-8000-000000000000"},
        {"month": "2026-11", "size": "5", "seed": "s" * 101},
    ],
)
async def test_a_sample_that_cannot_be_drawn_says_why(auditor: Any, given: dict[str, str]) -> None:
    answer = await auditor.post(SAMPLES, data=given)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
