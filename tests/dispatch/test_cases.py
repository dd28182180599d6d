import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core.accounts import Person
from core.db import Conn
from core.errors import Conflict, Invalid, NotFound
from dispatch import cases, emergency, visits
from tests.dispatch.worlds import (
    World,
    events_of,
    make_caregiver,
    make_case,
    make_operator,
    make_world,
    raise_alarm,
)
from tests.makers import NOW

LATER = NOW + timedelta(minutes=1)


async def test_of_two_operators_who_claim_at_once_one_wins_and_the_other_is_told_who(world: World) -> None:
    people = [await make_operator(world), await make_operator(world)]
    case_id = await make_case(world)

    async def claim(by: Person) -> str:
        async with world.web.transaction(world.district) as conn:
            await cases.claim(conn, case_id, by, NOW)
        return by.name

    results = await asyncio.gather(*(claim(one) for one in people), return_exceptions=True)
    winner = next(one for one in results if isinstance(one, str))
    refused = next(one for one in results if isinstance(one, Conflict))
    assert refused.code == "already_claimed"
    assert refused.extra == {"by": winner, "at": NOW.isoformat()}


async def test_a_case_of_another_district_does_not_exist(world: World, pool_owner: Any) -> None:
    other = await make_world(pool_owner, world.web, world.worker, world.gateway, world.keys, "341300")
    stranger, case_id = await make_operator(other), await make_case(world)
    async with world.web.transaction(other.district) as conn:
        assert await cases.list_open(conn) == []
        assert await cases.list_(conn) == []
        for act in (
            cases.find(conn, case_id),
            cases.timeline(conn, case_id),
            cases.claim(conn, case_id, stranger, NOW),
            cases.close(conn, case_id, stranger, NOW, "test"),
            emergency.send(conn, case_id, stranger, NOW),
        ):
            with pytest.raises(NotFound):
                await act


async def test_the_list_is_ordered_by_severity_then_grade_then_age(world: World) -> None:
    mild = await make_case(world, "bed_exit", NOW, severity=3)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, recorded_at)"
            " VALUES (gen_random_uuid(), $1, $2, 'gbt_42195', 'severe', '2026-01-01', $3)",
            world.district,
            world.elder,
            NOW,
        )
    graded = await make_case(world, "no_motion", NOW + timedelta(minutes=30), severity=3)
    grave = await make_case(world, "sos", NOW + timedelta(hours=1), severity=1)
    nameless = await make_case(world, "smoke", NOW, severity=3, elder_id=None, care_bed_id=None)
    async with world.web.transaction(world.district) as conn:
        found = await cases.list_open(conn)
        assert [row["id"] for row in found] == [grave, mild, graded, nameless]
        assert found[0]["grade"] == "severe"
        assert found[3]["elder_name"] is None
        assert await cases.list_open(conn, "technical") == []
        newest = await cases.list_(conn, elder_id=world.elder, limit=2)
        assert [row["id"] for row in newest] == sorted([grave, graded, mild])[:0:-1]
        rest = await cases.list_(conn, elder_id=world.elder, after=newest[-1]["id"])
        assert len(rest) == 1


async def test_only_what_is_in_order_can_be_done_and_the_refusal_names_state_and_verb(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        for act, words in (
            (cases.verify(conn, case_id, operator, NOW), "cannot verify a case that is raised"),
            (
                cases.call(conn, case_id, operator, NOW, "elder", "answered"),
                "cannot record a call for a case",
            ),
            (emergency.send(conn, case_id, operator, NOW), "cannot send somebody to a case that is raised"),
        ):
            with pytest.raises(Conflict, match=words):
                await act
        await cases.close(conn, case_id, operator, NOW, "false_alarm", "pet", "the cat")
        with pytest.raises(Conflict, match="cannot claim a case that is closed"):
            await cases.claim(conn, case_id, operator, NOW)
        noted = await cases.note(conn, case_id, operator, NOW, "found the cat")
        assert (noted["state"], noted["false_alarm"]) == ("closed", "pet")


WRONG = [
    (lambda c, i, p: cases.close(c, i, p, NOW, "gone"), "outcome"),
    (lambda c, i, p: cases.close(c, i, p, NOW, "other", "Not a code"), "false_alarm"),
    (lambda c, i, p: cases.note(c, i, p, NOW, "  "), "note"),
    (lambda c, i, p: cases.call(c, i, p, NOW, "the moon", "answered"), "to"),
    (lambda c, i, p: cases.call(c, i, p, NOW, "elder", "perhaps"), "result"),
    (lambda c, i, p: cases.shelve(c, i, p, NOW, NOW, "hospital"), "until"),
    (lambda c, i, p: cases.shelve(c, i, p, NOW, LATER, "lunch"), "reason"),
]


@pytest.mark.parametrize(("act", "field"), WRONG)
async def test_a_wrong_field_is_named(world: World, act: Any, field: str) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid) as refused:
            await act(conn, case_id, operator)
    errors: Any = refused.value.extra["errors"]
    assert errors[0]["field"] == field


async def state(conn: Conn, case_id: Any) -> tuple[str, Any, Any]:
    row = await cases.find(conn, case_id)
    return row["state"], row["escalate_at"], row["claimed_by"]


async def test_a_case_may_be_shelved_returned_and_taken_out_of_service(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    until = NOW + timedelta(hours=8)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        await cases.shelve(conn, case_id, operator, NOW, until, "hospital", "two nights")
        assert await state(conn, case_id) == ("shelved", until, operator.account_id)
        await cases.unshelve(conn, case_id, operator, LATER)
        assert await state(conn, case_id) == ("raised", LATER + timedelta(minutes=1), None)
        await cases.return_(conn, case_id, operator, LATER)
        assert await state(conn, case_id) == ("returned", None, None)
        await cases.claim(conn, case_id, operator, LATER)
        await cases.take_out(conn, case_id, operator, LATER)
        assert await state(conn, case_id) == ("out_of_service", None, operator.account_id)
        await cases.put_back(conn, case_id, operator, LATER)
        assert (await state(conn, case_id))[0] == "raised"
        lines = await cases.timeline(conn, case_id)
    assert [line["to_state"] for line in lines[1:]] == [
        "claimed",
        "shelved",
        "raised",
        "returned",
        "claimed",
        "out_of_service",
        "raised",
    ]


async def test_closing_calls_off_whom_was_sent_but_not_who_is_already_there(world: World) -> None:
    operator, caregiver = await make_operator(world), await make_caregiver(world)
    case_id = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        sent = await emergency.send(conn, case_id, operator, NOW)
        await cases.close(conn, case_id, operator, NOW, "reassured")
        assert (await visits.find(conn, sent.visit_id))["state"] == "cancelled"
        with pytest.raises(Conflict, match="cannot accept a visit that is cancelled"):
            await visits.accept(conn, sent.visit_id, caregiver, NOW)
    second = await make_case(world, "fall", NOW + timedelta(hours=1))
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, second, operator, NOW)
        sent = await emergency.send(conn, second, operator, NOW)
        await visits.accept(conn, sent.visit_id, caregiver, NOW)
        await visits.check_in(conn, world.keys, sent.visit_id, caregiver, NOW, at=NOW)
        await cases.close(conn, second, operator, NOW, "hospital")
        done = await visits.check_out(
            conn, world.keys, sent.visit_id, caregiver, LATER, at=LATER, record="with the ambulance"
        )
        assert done["state"] == "verified"
        assert (await cases.find(conn, second))["state"] == "closed"


async def test_the_family_hears_what_it_may_see_and_nothing_of_calls_and_notes(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        await cases.call(conn, case_id, operator, NOW, "family", "answered")
        await cases.note(conn, case_id, operator, NOW, "daughter is on her way")
        await cases.resolve(conn, case_id, operator, NOW)
    heard = {kind: "family" in roles for kind, roles in await events_of(world)}
    assert heard == {
        "case.opened": True,
        "case.claimed": True,
        "case.called": False,
        "case.noted": False,
        "case.resolved": True,
    }


async def test_the_cases_of_alarms_are_found_together(world: World) -> None:
    alarm = await raise_alarm(world)
    async with world.web.transaction(world.district) as conn:
        assert await cases.of_alarms(conn, [alarm]) == {}
    case_id = await make_case(world, "fall")
    async with world.web.transaction(world.district) as conn:
        found = await cases.of_alarms(conn, [alarm])
        assert found[alarm]["case_id"] == case_id
        assert [row["type"] for row in await cases.alarms(conn, case_id)] == ["sos", "fall"]
