"""A visit that has ended is corrected by two people, with a reason; its proof is weighed again."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import corrections, visits
from tests.dispatch.errands import END, HOUR, accepted, do
from tests.dispatch.worlds import World, make_caregiver, make_operator
from tests.makers import NOW

SHORT = NOW + timedelta(minutes=10)


async def short_visit(world: World) -> UUID:
    """Return a visit whose caregiver checked out by mistake after ten minutes: doubted."""
    caregiver = await make_caregiver(world)
    visit = await accepted(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        await visits.check_in(conn, world.keys, visit, caregiver, NOW, at=NOW, lat=37.886, lon=118.526)
        done = await visits.check_out(conn, world.keys, visit, caregiver, SHORT, at=SHORT, record="x")
    assert (done["verdict"], done["elements"]["times"]["code"]) == ("doubted", "short")
    return visit


async def ask(world: World, visit: UUID, by: Person, **wanted: Any) -> UUID:
    async with world.web.transaction(world.district) as conn:
        return await corrections.ask(
            conn, world.keys, visit, by, END + HOUR, reason="wrong_time", wanted=wanted, note="went on"
        )


async def decide(world: World, correction: UUID, by: Person, *, approves: bool = True) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await corrections.decide(conn, correction, by, END + HOUR, approves=approves)


async def test_an_approved_correction_changes_the_visit_and_its_proof_and_keeps_what_was_said(
    world: World,
) -> None:
    visit = await short_visit(world)
    one, other = await make_operator(world, "duty_manager"), await make_operator(world, "clerk")
    done = await decide(world, await ask(world, visit, one, ended_at=END), other)
    assert (done["state"], done["decided_by"]) == ("approved", other.account_id)
    assert done["before"] == {"ended_at": SHORT.isoformat()}
    async with world.web.transaction(world.district) as conn:
        row = await visits.find(conn, visit)
        actions = [line["action"] for line in await visits.timeline(conn, visit)]
    assert (row["ended_at"], row["verdict"]) == (END, "proven")
    assert row["elements"]["times"]["code"] == "corrected"
    assert row["check_out"]["said_at"] == SHORT.isoformat()
    assert actions[-2:] == ["ask_correction", "correct"]


async def test_who_asked_does_not_decide_and_two_deciders_decide_once(world: World) -> None:
    visit, one = await short_visit(world), await make_operator(world, "admin")
    correction = await ask(world, visit, one, ended_at=END)
    with pytest.raises(Conflict, match="second person"):
        await decide(world, correction, one)
    others = [await make_operator(world, "clerk") for _ in range(2)]
    said = await asyncio.gather(
        decide(world, correction, others[0]),
        decide(world, correction, others[1], approves=False),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "Record"]


async def test_a_refused_correction_changes_nothing_and_another_may_be_asked_for(world: World) -> None:
    visit = await short_visit(world)
    one, other = await make_operator(world, "admin"), await make_operator(world, "clerk")
    correction = await ask(world, visit, one, ended_at=END)
    with pytest.raises(Conflict, match="waits for its decision"):
        await ask(world, visit, one, ended_at=END)
    await decide(world, correction, other, approves=False)
    async with world.web.transaction(world.district) as conn:
        assert (await visits.find(conn, visit))["ended_at"] == SHORT
        assert await corrections.list_open(conn) == []
    await ask(world, visit, one, record={"note": "bathed"})


async def test_what_cannot_be_is_refused_by_name(world: World) -> None:
    visit, by = await short_visit(world), await make_operator(world, "admin")
    for wanted, field in (
        ({}, "wanted"),
        ({"ended_at": SHORT}, "wanted"),
        ({"ended_at": NOW - HOUR}, "ended_at"),
        ({"ended_at": END + 9 * HOUR}, "ended_at"),
    ):
        with pytest.raises(Invalid, match=field):
            await ask(world, visit, by, **wanted)
    stranger = replace(await make_operator(world, "provider_manager"), provider_id=new_id())
    with pytest.raises(NotFound):
        await ask(world, visit, stranger, ended_at=END)
    waiting = await accepted(world, await make_caregiver(world, "other"))
    with pytest.raises(Conflict, match="cannot correct a visit that is accepted"):
        await ask(world, waiting, by, ended_at=END)


async def test_a_reason_that_nobody_knows_is_refused(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit = await accepted(world, caregiver)
    await do(world, visit, caregiver)
    with pytest.raises(Invalid, match="reason"):
        async with world.web.transaction(world.district) as conn:
            await corrections.ask(
                conn, world.keys, visit, await make_operator(world, "admin"), END, reason="whim", wanted={}
            )
