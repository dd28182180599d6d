"""What the consoles hear: an answer from a phone, a relative's word, an offer; who said it is named."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from core.events import OPERATORS, Event
from dashboards import words
from dashboards.web.console import feed
from dispatch import cases, journal
from dispatch.notices import answers
from dispatch.seats import transfers
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW
from tests.web.test_seat_pages import HTMX, make_daughter


@pytest.fixture
async def case(world: World) -> UUID:
    return await make_case(world)


def event(world: World, case: UUID, kind: str) -> Event:
    return Event(1, world.district, kind, case, case, None, None, None, OPERATORS, NOW)


async def heard(world: World, by: Person, case: UUID, *kinds: str) -> str:
    async with world.web.transaction(world.district) as conn:
        given = [event(world, case, kind) for kind in kinds]
        return await feed.render(conn, by, "zh_CN", given) or ""


async def answer(world: World, case: UUID, answer: str, **who: Any) -> None:
    async with world.web.transaction(world.district) as conn:
        row = await cases.lock(conn, case)
        data = {"answer": answer, "channel": "voice", "audience": "contacts", **who}
        await journal.case(conn, row, "family_answer", NOW, data=data)


def test_every_event_of_a_case_s_timeline_reaches_the_consoles() -> None:
    assert set(journal.CASE_EVENTS.values()) <= set(feed.KINDS)


async def test_a_key_pressed_at_night_is_heard_at_the_console_and_stands_in_the_queue(
    app: FastAPI, world: World, case: UUID
) -> None:
    operator, daughter = await make_operator(world), await make_daughter(world)
    await answer(world, case, "coming", family_member_id=str(daughter))
    row = await heard(world, operator, case, "case.answered")
    again = await heard(world, operator, case, "case.noted")
    async with await client_of(app, operator) as client:
        queue = await client.get("/console")
        page = await client.get(f"/console/cases/{case}", headers=HTMX)
    coming = f"daughter {words.word('zh_CN', 'told_answers', 'coming')}"
    assert ("data-said" in row, "data-ring" in row, coming in row) == (True, False, True)
    assert ("data-said" in again, coming in again) == (False, True)
    assert coming in queue.text
    assert page.text.count("daughter") >= 2  # above the case, and in its timeline


async def test_nobody_reached_rings(world: World, case: UUID) -> None:
    operator = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await journal.case(conn, await cases.lock(conn, case), "unreached", NOW)
    row = await heard(world, operator, case, "case.unreached")
    assert "data-ring" in row
    assert words.word("zh_CN", "case_actions", "unreached") in row


async def test_a_relative_who_is_with_them_is_named_though_nobody_asked(
    app: FastAPI, world: World, case: UUID
) -> None:
    operator, daughter = await make_operator(world), await make_daughter(world)
    async with world.web.transaction(world.district) as conn:
        assert await answers.by_person(conn, case, daughter, "coming", NOW) == "unknown"
    await answer(world, case, "with_them", family_member_id=str(daughter))
    async with await client_of(app, operator) as client:
        page = await client.get(f"/console/cases/{case}", headers=HTMX)
    assert f"daughter {words.word('zh_CN', 'told_answers', 'with_them')}" in " ".join(page.text.split())


async def test_an_offer_names_to_whom_apart_from_the_row(world: World, case: UUID) -> None:
    one, two = await make_operator(world), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, one, NOW)
        await transfers.offer(conn, case, one, NOW, two.account_id, "break")
    row = await heard(world, one, case, "case.noted")
    assert f"<data data-offered>{two.account_id}</data>" in row
