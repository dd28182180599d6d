"""The questions of a case: what is kept, who was first, how grave it becomes, which version it keeps."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.accounts import Person
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from dispatch import cases, protocol_scripts, questions
from dispatch.questions import Asked
from tests.dispatch.test_protocol_script import GOOD
from tests.dispatch.worlds import World, make_case, make_operator, make_world
from tests.makers import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Keys) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)


async def say(world: World, case: UUID, by: Person, node: str, value: str, was: str | None = None) -> Asked:
    async with world.web.transaction(world.district) as conn:
        return await questions.answer(conn, case, node, value, by, LATER, was=was)


async def see(world: World, case: UUID) -> tuple[Asked, int]:
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case)
        return await questions.of_case(conn, row), row["severity"]


async def lines(world: World, case: UUID) -> list[tuple[str, str | None, dict[str, object]]]:
    async with world.web.transaction(world.district) as conn:
        found = await cases.timeline(conn, case)
    return [
        (row["action"], row["note"], row["data"]) for row in found if row["action"] in ("answer", "severity")
    ]


async def activate(world: World, by: Person, text: str) -> UUID:
    async with world.web.transaction(world.district) as conn:
        known = await protocol_scripts.draft(conn)
        row = await protocol_scripts.save(conn, by, text, known["digest"] if known else None, NOW)
    async with world.web.transaction(world.district) as conn:
        await protocol_scripts.activate(conn, row["id"], by, NOW)
    found: UUID = row["id"]
    return found


async def test_answers_lead_on_and_make_a_case_as_grave_as_they_say(world: World) -> None:
    by, case = await make_operator(world), await make_case(world, "no_motion", severity=2)
    asked, severity = await see(world, case)
    assert (asked.walk.question and asked.walk.question.code, severity) == ("motion_answered", 2)
    await say(world, case, by, "motion_answered", "yes")
    done = await say(world, case, by, "conscious", "no")
    assert (done.walk.severity, done.walk.advice[0], (await see(world, case))[1]) == (1, "call_120", 1)
    told = await lines(world, case)
    assert [action for action, _, _ in told] == ["answer", "answer", "severity"]
    assert told[2][2] == {"from": 2, "to": 1, "by": "protocol"}
    assert told[1][2]["node"] == "conscious"


async def test_a_changed_answer_keeps_the_first_and_takes_its_severity_back(world: World) -> None:
    by, case = await make_operator(world), await make_case(world, "no_motion", severity=2)
    await say(world, case, by, "motion_answered", "yes")
    await say(world, case, by, "conscious", "no")
    asked = await say(world, case, by, "conscious", "yes", was="no")
    assert (await see(world, case))[1] == 2
    kept = [(row["node"], row["value"], row["replaced_at"] is None) for row in asked.answers]
    assert kept == [("motion_answered", "yes", True), ("conscious", "no", False), ("conscious", "yes", True)]
    assert (await lines(world, case))[-2][2]["was"] == "no"


async def test_the_same_answer_again_writes_nothing(world: World) -> None:
    by, case = await make_operator(world), await make_case(world)
    await say(world, case, by, "sos_answered", "yes")
    await say(world, case, by, "sos_answered", "yes")
    assert len(await lines(world, case)) == 1


async def test_who_answers_what_somebody_else_has_answered_is_told_who_was_first(world: World) -> None:
    one, two, case = await make_operator(world), await make_operator(world), await make_case(world)
    await say(world, case, one, "sos_answered", "yes")
    with pytest.raises(Conflict) as refused:
        await say(world, case, two, "sos_answered", "no")
    assert (refused.value.code, refused.value.extra["by"]) == ("already_answered", one.name)


async def test_two_who_answer_at_once_leave_one_answer(world: World) -> None:
    people = [await make_operator(world) for _ in range(4)]
    case = await make_case(world)
    answers = ("yes", "no", "yes", "no")
    done = await asyncio.gather(
        *(say(world, case, by, "sos_answered", value) for by, value in zip(people, answers, strict=True)),
        return_exceptions=True,
    )
    kept = (await see(world, case))[0].valid["sos_answered"]
    lost = [one for one in done if isinstance(one, BaseException)]
    assert all(isinstance(one, Conflict) and one.code == "already_answered" for one in lost)
    assert len(lost) == 2  # both who said the other thing
    assert kept in ("yes", "no")
    assert len(await lines(world, case)) == 1


@pytest.mark.parametrize(("node", "value"), [("conscious", "yes"), ("nothing_such", "yes")])
async def test_what_is_not_asked_now_cannot_be_answered(world: World, node: str, value: str) -> None:
    by, case = await make_operator(world), await make_case(world)
    with pytest.raises(Conflict) as refused:
        await say(world, case, by, node, value)
    assert refused.value.code == "not_asked_now"


async def test_what_is_no_answer_names_the_field(world: World) -> None:
    by, case = await make_operator(world), await make_case(world)
    with pytest.raises(Invalid) as refused:
        await say(world, case, by, "sos_answered", "perhaps")
    assert refused.value.extra["errors"] == [
        {"field": "answer", "code": "answer_unknown", "message": "no answer of this question"}
    ]


async def test_a_closed_case_is_asked_nothing(world: World) -> None:
    by, case = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.close(conn, case, by, NOW, "reassured")
    with pytest.raises(Conflict, match="closed"):
        await say(world, case, by, "sos_answered", "yes")
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="closed"):
            await questions.set_severity(conn, case, 3, by, NOW, was=1)


async def test_words_are_kept_as_a_note_and_not_among_the_codes(world: World) -> None:
    by = await make_operator(world)
    await activate(world, by, GOOD)
    case = await make_case(world, at=LATER)
    for node, value in (("a", "yes"), ("b", "two"), ("d", "红色外套")):
        await say(world, case, by, node, value)
    action, note, data = (await lines(world, case))[-1]
    assert (action, note, data["answer"]) == ("answer", "红色外套", None)


async def test_what_a_person_sets_no_answer_changes(world: World) -> None:
    by, case = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await questions.set_severity(conn, case, 3, by, NOW, was=1, note="daughter is there")
    await say(world, case, by, "sos_answered", "yes")
    asked, severity = await see(world, case)
    assert (severity, asked.overridden_by, asked.walk.severity) == (3, by.name, 1)
    assert (await lines(world, case))[0] == (
        "severity",
        "daughter is there",
        {"from": 1, "to": 3, "by": "hand"},
    )
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict) as refused:
            await questions.set_severity(conn, case, 4, by, NOW, was=1)
        assert refused.value.code == "severity_changed"
        with pytest.raises(Invalid, match="severity"):
            await questions.set_severity(conn, case, 6, by, NOW, was=3)


async def test_a_case_keeps_the_questions_that_were_in_force_when_it_was_opened(world: World) -> None:
    by = await make_operator(world, "duty_manager")
    old = await make_case(world)
    await say(world, old, by, "sos_answered", "yes")
    async with world.web.transaction(world.district) as conn:
        made = await protocol_scripts.save(conn, by, GOOD, None, LATER)
        await protocol_scripts.activate(conn, made["id"], by, LATER)
    young = await make_case(world, "fall", at=NOW + timedelta(hours=1))
    assert (await see(world, young))[0].walk.question == (await see(world, young))[0].script.nodes["a"]
    asked, _ = await see(world, old)
    assert (asked.version.startswith("ours "), asked.walk.question and asked.walk.question.code) == (
        True,
        "conscious",
    )
    async with world.web.transaction(world.district) as conn:
        await protocol_scripts.retire(conn, made["id"], by, NOW + timedelta(hours=2))
    assert (await see(world, young))[0].version == "v2"
    with pytest.raises(Conflict) as refused:
        async with world.web.transaction(world.district) as conn:
            await questions.answer(conn, young, "a", "yes", by, NOW, version="v1")
    assert refused.value.code == "protocol_changed"


async def test_a_technical_case_without_questions_of_its_own_is_asked_nothing(world: World) -> None:
    given: dict[str, Any] = {"class": "technical", "severity": 4}
    case = await make_case(world, "low_battery", **given)
    assert (await see(world, case))[0].walk.question is None


async def test_two_who_write_a_draft_do_not_overwrite_each_other(world: World) -> None:
    one, two = await make_operator(world, "admin"), await make_operator(world, "duty_manager")
    async with world.web.transaction(world.district) as conn:
        first = await protocol_scripts.save(conn, one, "a = 1", None, NOW)
        second = await protocol_scripts.save(conn, two, "a = 2", first["digest"], NOW)
        with pytest.raises(Conflict) as refused:
            await protocol_scripts.save(conn, one, "a = 3", first["digest"], NOW)
        assert refused.value.code == "protocol_changed"
        with pytest.raises(Conflict):
            await protocol_scripts.save(conn, one, "a = 3", None, NOW)
        assert (await protocol_scripts.find(conn, first["id"]))["words"] == second["words"] == "a = 2"


async def test_a_draft_with_mistakes_does_not_come_into_force_and_names_their_lines(world: World) -> None:
    by = await make_operator(world, "admin")
    async with world.web.transaction(world.district) as conn:
        made = await protocol_scripts.save(conn, by, GOOD.replace('next = "b" }', 'next = "q" }'), None, NOW)
        with pytest.raises(Invalid) as refused:
            await protocol_scripts.activate(conn, made["id"], by, NOW)
    errors: Any = refused.value.extra["errors"]
    first = errors[0]
    assert (first["code"], first["line"], first["node"], first["what"]) == ("unknown_next", 8, "a", "yes")


async def test_a_script_that_has_been_in_force_is_never_edited_nor_put_in_force_twice(world: World) -> None:
    by = await make_operator(world, "admin")
    made = await activate(world, by, GOOD)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict):
            await protocol_scripts.activate(conn, made, by, NOW)
        with pytest.raises(Conflict):
            await protocol_scripts.save(conn, by, "x", protocol_scripts.digest(GOOD), NOW)
    with pytest.raises(asyncpg.RaiseError, match="never edited"):
        async with world.web.transaction(world.district) as conn:
            await conn.execute("UPDATE protocol_script SET words = 'x' WHERE id = $1", made)


async def test_going_back_to_ours_needs_one_in_force(world: World) -> None:
    by = await make_operator(world, "admin")
    made = await activate(world, by, GOOD)
    newer = await activate(world, by, GOOD + "\n# newer")
    async with world.web.transaction(world.district) as conn:
        states = {row["id"]: row["state"] for row in await protocol_scripts.list_(conn)}
        assert states == {made: "retired", newer: "active"}
        await protocol_scripts.retire(conn, newer, by, LATER)
        with pytest.raises(Conflict):
            await protocol_scripts.retire(conn, newer, by, LATER)
        assert await protocol_scripts.in_force(conn, LATER) is None
        with pytest.raises(NotFound):
            await protocol_scripts.find(conn, world.elder)
