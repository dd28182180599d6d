"""Complaints: taken, assigned, answered, closed by somebody else; or escalated step by step."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core import audit
from core.accounts import Person
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import complaints
from services.complaints import Given
from tests.makers import NOW, make_person
from tests.services.worlds import World, at, make_world

TEXT = "说好上午来洗澡,没有来。"


def given(**more: Any) -> Given:
    return Given(
        **{
            "source": "hotline",
            "kind": "not_made",
            "urgency": "ordinary",
            "text": TEXT,
            "received_at": NOW,
            **more,
        }
    )


async def take(world: World, by: Person, **more: Any) -> UUID:
    async with world.worker.transaction(world.district) as conn:
        return await complaints.record(conn, world.keys, given(**more), by, NOW)


async def found(world: World, complaint: UUID) -> dict[str, Any]:
    async with world.worker.transaction(world.district) as conn:
        return dict(await complaints.find(conn, complaint))


async def assigned(world: World, by: Person, **more: Any) -> UUID:
    complaint = await take(world, by, **more)
    async with world.worker.transaction(world.district) as conn:
        await complaints.assign(conn, complaint, world.provider, by, NOW)
    return complaint


async def test_it_is_taken_with_its_deadline_and_its_words_sealed(world: World, clerk: Person) -> None:
    row = await found(world, await take(world, clerk, number="DY20261121001"))
    assert (row["state"], row["due_at"]) == ("open", NOW + timedelta(days=7))
    assert TEXT.encode() not in row["text_sealed"]
    assert world.keys.open(world.district, row["text_sealed"]) == TEXT


async def test_the_deadline_is_a_setting_of_the_district(
    pool_owner: Pool, pool_worker: Pool, keys: Any
) -> None:
    days = {"urgent": 1, "ordinary": 2, "complex": 5}
    world = await make_world(pool_owner, pool_worker, keys, "370502", complaint_days=days)
    async with world.worker.transaction(world.district) as conn:
        by = await make_person(conn, world.district, "clerk")
    row = await found(world, await take(world, by, urgency="complex"))
    assert row["due_at"] == NOW + timedelta(days=5)


async def test_a_visit_names_its_person_and_provider(world: World, clerk: Person) -> None:
    elder = await world.elder("moderate")
    visit = await world.visit(elder, "bath", at(2))
    row = await found(world, await take(world, clerk, visit=visit))
    assert (row["elder_id"], row["provider_id"]) == (elder, world.provider)
    with pytest.raises(Invalid):
        await take(world, clerk, visit=visit, elder=await world.elder("mild"))
    with pytest.raises(NotFound):
        await take(world, clerk, visit=new_id())


async def test_an_order_of_the_hotline_is_taken_once(world: World, clerk: Person) -> None:
    await take(world, clerk, number="DY1")
    with pytest.raises(Conflict) as refused:
        await take(world, clerk, number="DY1")
    assert refused.value.code == "complaint_known"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"source": "radio"}, "source"),
        ({"kind": "x"}, "kind"),
        ({"urgency": "x"}, "urgency"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"received_at": NOW + timedelta(minutes=1)}, "received_at"),
    ],
)
async def test_what_is_wrong_is_said_by_field(
    world: World, clerk: Person, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await take(world, clerk, **more)
    assert [one["field"] for one in refused.value.extra["errors"]] == [field]  # type: ignore[attr-defined]


async def test_the_whole_way_leaves_its_story_and_stands_on_the_audit_log(
    world: World, clerk: Person, manager: Person
) -> None:
    complaint = await assigned(world, clerk)
    async with world.worker.transaction(world.district) as conn:
        await complaints.answer(conn, world.keys, complaint, "已补做", manager, NOW)
        await complaints.give_back(conn, world.keys, complaint, "何时补做?", clerk, NOW)
        await complaints.answer(conn, world.keys, complaint, "11 月 3 日补做", manager, NOW)
        await complaints.close(conn, complaint, "upheld", is_satisfied=True, by=clerk, now=NOW)
        row = await complaints.find(conn, complaint)
        told = [one["action"] for one in await complaints.story(conn, complaint)]
        logged = [one["action"] for one in await audit.list_(conn, subject=complaint)]
    assert told == ["take", "assign", "answer", "return", "answer", "close"]
    assert logged[::-1] == [f"complaint.{action}" for action in told]
    assert (row["state"], row["outcome"], row["is_satisfied"]) == ("closed", "upheld", True)
    assert world.keys.open(world.district, row["answer_sealed"]) == "11 月 3 日补做"


async def test_who_answered_it_does_not_close_it(world: World, clerk: Person) -> None:
    complaint = await assigned(world, clerk)
    async with world.worker.transaction(world.district) as conn:
        await complaints.answer(conn, world.keys, complaint, "x", clerk, NOW)
        with pytest.raises(Conflict) as refused:
            await complaints.close(conn, complaint, "upheld", is_satisfied=None, by=clerk, now=NOW)
    assert refused.value.code == "same_person"


async def test_a_verb_out_of_its_turn_is_refused_with_the_state(world: World, clerk: Person) -> None:
    complaint = await take(world, clerk)
    async with world.worker.transaction(world.district) as conn:
        for refused in (
            complaints.answer(conn, world.keys, complaint, "x", clerk, NOW),
            complaints.give_back(conn, world.keys, complaint, "x", clerk, NOW),
            complaints.close(conn, complaint, "upheld", is_satisfied=None, by=clerk, now=NOW),
        ):
            with pytest.raises(Conflict) as conflict:
                await refused
            assert conflict.value.code == "complaint_state"
        await complaints.close(conn, complaint, "withdrawn", is_satisfied=None, by=clerk, now=NOW)
        for late in (
            complaints.assign(conn, complaint, world.provider, clerk, NOW),
            complaints.close(conn, complaint, "withdrawn", is_satisfied=None, by=clerk, now=NOW),
        ):
            with pytest.raises(Conflict):
                await late
        with pytest.raises(Invalid):
            await complaints.close(conn, complaint, "x", is_satisfied=None, by=clerk, now=NOW)
        with pytest.raises(NotFound):
            await complaints.find(conn, new_id())


async def test_a_provider_sees_and_answers_only_what_was_given_to_it(
    world: World, clerk: Person, manager: Person
) -> None:
    waiting = await take(world, clerk, provider=world.provider)
    ours = await assigned(world, clerk)
    async with world.worker.transaction(world.district) as conn:
        seen = [row["id"] for row in await complaints.list_(conn, provider=world.provider)]
        with pytest.raises(NotFound):
            await complaints.answer(
                conn, world.keys, ours, "x", Person(**{**_fields(manager), "provider_id": new_id()}), NOW
            )
    assert seen == [ours]
    assert waiting not in seen


def _fields(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in person.__slots__}


async def test_a_visit_can_be_named_later_if_it_is_the_same_persons(world: World, clerk: Person) -> None:
    elder = await world.elder("moderate")
    visit = await world.visit(elder, "bath", at(2))
    complaint, other = await take(world, clerk), await take(world, clerk, elder=await world.elder("mild"))
    async with world.worker.transaction(world.district) as conn:
        await complaints.link(conn, complaint, visit, clerk, NOW)
        with pytest.raises(Invalid):
            await complaints.link(conn, other, visit, clerk, NOW)
        [row] = await complaints.list_(conn, visit=visit)
    assert (row["id"], row["elder_id"]) == (complaint, elder)


async def test_what_is_not_answered_climbs_step_by_step_and_an_answer_ends_it(
    world: World, clerk: Person, manager: Person
) -> None:
    late, answered = await assigned(world, clerk), await assigned(world, clerk)
    async with world.worker.transaction(world.district) as conn:
        await complaints.answer(conn, world.keys, answered, "x", manager, NOW)
    due = NOW + timedelta(days=7)
    levels = []
    for hours in (-1, 0, 23, 24, 71, 72, 1000):
        await complaints.tick(world.worker, due + timedelta(hours=hours))
        levels.append((await found(world, late))["level"])
    assert levels == [0, 1, 1, 2, 2, 3, 3]
    assert (await found(world, answered))["level"] == 0
    async with world.worker.transaction(world.district) as conn:
        overdue = await complaints.list_(conn, late_at=due + timedelta(hours=1))
        steps = [one["detail"] for one in await complaints.story(conn, late) if one["action"] == "escalate"]
    assert [row["id"] for row in overdue] == [late]
    assert steps == [{"level": 1}, {"level": 2}, {"level": 3}]


async def test_a_clock_that_was_away_makes_up_for_every_step(world: World, clerk: Person) -> None:
    complaint = await take(world, clerk)
    assert await complaints.tick(world.worker, NOW + timedelta(days=30)) == 3
    assert (await found(world, complaint))["level"] == 3
