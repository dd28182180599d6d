"""Two at once: sending and closing, claiming and offering; whoever is second is told, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.db import Conn
from core.errors import Conflict
from dispatch import cases, emergency
from dispatch.seats import transfers
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW

Act = Callable[[Conn], Awaitable[Any]]
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
async def mine(world: World) -> tuple[UUID, Person]:
    case, who = await make_case(world), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, who, NOW)
    return case, who


async def attempt(world: World, act: Act) -> str:
    """Do it in a transaction of its own; return `done` or the code of the refusal."""
    try:
        async with world.web.transaction(world.district) as conn:
            await act(conn)
    except Conflict as problem:
        return problem.code
    return "done"


async def visits(world: World, case: UUID) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        return [row["state"] for row in await conn.fetch("SELECT state FROM visit WHERE case_id = $1", case)]


async def actions(world: World, case: UUID) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        return [row["action"] for row in await cases.timeline(conn, case)]


async def test_a_case_closed_while_somebody_is_sent_sends_nobody(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, who = mine
    await make_caregiver(world)
    sent, closed = await asyncio.gather(
        attempt(world, lambda conn: emergency.send(conn, case, who, LATER)),
        attempt(world, lambda conn: cases.close(conn, case, who, LATER, "reassured")),
    )
    assert closed == "done"
    assert (sent, await visits(world, case)) in [("done", ["cancelled"]), ("wrong_state", [])]


async def test_a_yes_to_a_case_that_was_just_closed_is_refused(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, who = mine
    carer = await make_caregiver(world)
    async with world.web.transaction(world.district) as conn:
        visit = (await emergency.send(conn, case, who, NOW)).visit_id
    from dispatch import visits as all_visits  # noqa: PLC0415 - the name is taken above

    closed, accepted = await asyncio.gather(
        attempt(world, lambda conn: cases.close(conn, case, who, LATER, "reassured")),
        attempt(world, lambda conn: all_visits.accept(conn, visit, carer, LATER)),
    )
    assert closed == "done"
    assert accepted in ("done", "wrong_state", "not_asked", "taken")
    assert await visits(world, case) == ["cancelled"]
    assert "close" in await actions(world, case)


async def test_of_two_who_send_at_once_one_is_told_who_was_sent(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, who = mine
    other = await make_operator(world)
    await make_caregiver(world)
    await make_caregiver(world, "second", km=2)
    answers = await asyncio.gather(
        attempt(world, lambda conn: emergency.send(conn, case, who, LATER)),
        attempt(world, lambda conn: emergency.send(conn, case, other, LATER)),
    )
    assert sorted(answers) == ["already_dispatched", "done"]
    assert await visits(world, case) == ["offered"]


async def test_of_two_who_take_an_offer_one_has_it(world: World, mine: tuple[UUID, Person]) -> None:
    case, who = mine
    one, two = await make_operator(world, "duty_manager"), await make_operator(world, "duty_manager")
    async with world.web.transaction(world.district) as conn:
        offer = await transfers.offer(conn, case, who, NOW, None, "decision")
    answers = await asyncio.gather(
        attempt(world, lambda conn: transfers.accept(conn, offer, one, LATER)),
        attempt(world, lambda conn: transfers.accept(conn, offer, two, LATER)),
    )
    assert sorted(answers) == ["done", "transfer_over"]
    assert (await actions(world, case)).count("transfer_accept") == 1


async def test_an_offer_taken_in_the_moment_in_which_it_comes_back_has_one_owner(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, who = mine
    other = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        offer = await transfers.offer(conn, case, who, NOW, other.account_id, "break")
    late = NOW + timedelta(minutes=1)
    taken, _ = await asyncio.gather(
        attempt(world, lambda conn: transfers.accept(conn, offer, other, late)),
        attempt(world, lambda conn: transfers.return_due(conn, late)),
    )
    async with world.web.transaction(world.district) as conn:
        owner = (await cases.find(conn, case))["claimed_by"]
    assert (taken, owner) in [("done", other.account_id), ("transfer_over", who.account_id)]
    told = [action for action in await actions(world, case) if action in ("transfer_accept", "transfer_back")]
    assert len(told) == 1
