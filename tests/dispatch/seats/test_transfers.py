"""A case passes to somebody else, and is never without an owner."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import cases, ticks
from dispatch.seats import transfers, watching
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW

SOON = NOW + timedelta(seconds=20)


@pytest.fixture
async def mine(world: World) -> tuple[UUID, Person]:
    """Return a case and who has claimed it."""
    case, giver = await make_case(world), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, giver, NOW)
    return case, giver


async def do(world: World, verb: Any, *args: Any, **given: Any) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await verb(conn, *args, **given)


async def owner(world: World, case: UUID) -> UUID:
    found: UUID = (await do(world, cases.find, case))["claimed_by"]
    return found


async def actions(world: World, case: UUID) -> list[str]:
    return [row["action"] for row in await do(world, cases.timeline, case)]


async def see(world: World, who: Person, at: datetime) -> None:
    await do(world, watching.beat, who, [], at)


async def test_a_case_stays_with_its_owner_until_a_colleague_accepts_it(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other = await make_operator(world)
    offer = await do(world, transfers.offer, case, giver, NOW, other.account_id, "language", "speaks Wu")
    assert await owner(world, case) == giver.account_id
    assert [row["case_id"] for row in await do(world, transfers.offered_to, other)] == [case]
    assert await do(world, transfers.accept, offer, other, SOON) == case
    row = await do(world, cases.find, case)
    assert (row["claimed_by"], row["claimed_at"], row["state"]) == (other.account_id, NOW, "claimed")
    assert row["escalate_at"] == SOON + timedelta(minutes=10)
    assert (await actions(world, case))[-2:] == ["transfer_offer", "transfer_accept"]
    assert await do(world, transfers.offered_to, other) == []


async def test_what_nobody_takes_in_a_minute_comes_back_and_the_late_one_is_told(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other = await make_operator(world)
    offer = await do(world, transfers.offer, case, giver, NOW, other.account_id, "break")
    assert await ticks.seats(world.worker, NOW + timedelta(seconds=59)) == 0
    assert await ticks.seats(world.worker, NOW + timedelta(seconds=60)) == 1
    assert await ticks.seats(world.worker, NOW + timedelta(seconds=60)) == 0
    with pytest.raises(Conflict) as late:
        await do(world, transfers.accept, offer, other, NOW + timedelta(seconds=61))
    assert (late.value.code, late.value.extra["transfer_is"]) == ("transfer_over", "returned")
    assert await owner(world, case) == giver.account_id
    assert (await actions(world, case))[-1] == "transfer_back"


async def test_a_case_offered_to_the_duty_manager_goes_to_the_first_and_to_no_operator(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other, boss = await make_operator(world), await make_operator(world, "duty_manager")
    second = await make_operator(world, "duty_manager")
    offer = await do(world, transfers.offer, case, giver, NOW, None, "decision")
    with pytest.raises(Conflict) as operators:
        await do(world, transfers.accept, offer, other, SOON)
    assert operators.value.code == "for_managers"
    await do(world, transfers.accept, offer, boss, SOON)
    with pytest.raises(Conflict):
        await do(world, transfers.accept, offer, second, SOON)
    assert await owner(world, case) == boss.account_id


async def test_a_refusal_leaves_it_where_it_is_and_only_who_is_asked_may_answer(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other, stranger = await make_operator(world), await make_operator(world)
    offer = await do(world, transfers.offer, case, giver, NOW, other.account_id, "busy")
    with pytest.raises(Conflict) as not_asked:
        await do(world, transfers.decline, offer, stranger, SOON)
    assert not_asked.value.extra["by"] == other.name
    await do(world, transfers.decline, offer, other, SOON, "on the phone")
    assert await owner(world, case) == giver.account_id
    again = await do(world, transfers.offer, case, giver, SOON, stranger.account_id, "busy")
    with pytest.raises(Conflict):
        await do(world, transfers.withdraw, again, other, SOON)
    await do(world, transfers.withdraw, again, giver, SOON)
    assert (await actions(world, case))[-4:] == [
        *("transfer_offer", "transfer_decline"),
        *("transfer_offer", "transfer_withdraw"),
    ]


async def test_what_cannot_be_offered_is_refused_in_words(world: World, mine: tuple[UUID, Person]) -> None:
    case, giver = mine
    other = await make_operator(world)
    auditor = await make_operator(world, "auditor")
    with pytest.raises(Conflict) as theirs:
        await do(world, transfers.offer, case, other, NOW, giver.account_id, "busy")
    assert (theirs.value.code, theirs.value.extra["by"]) == ("not_yours", giver.name)
    for to in (auditor.account_id, giver.account_id):
        with pytest.raises(Invalid):
            await do(world, transfers.offer, case, giver, NOW, to, "busy")
    with pytest.raises(Invalid):
        await do(world, transfers.offer, case, giver, NOW, other.account_id, "because")
    await do(world, transfers.offer, case, giver, NOW, other.account_id, "busy")
    with pytest.raises(Conflict) as twice:
        await do(world, transfers.offer, case, giver, NOW, None, "busy")
    assert twice.value.extra["to"] == other.name


async def test_a_case_that_nobody_has_cannot_be_offered_and_a_closed_one_not_taken(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other = await make_operator(world)
    free = await make_case(world, "smoke", NOW + timedelta(hours=9))
    with pytest.raises(Conflict) as nobodys:
        await do(world, transfers.offer, free, giver, NOW, other.account_id, "busy")
    assert nobodys.value.code == "not_owned"
    offer = await do(world, transfers.offer, case, giver, NOW, other.account_id, "busy")
    await do(world, cases.close, case, giver, SOON, "reassured")
    with pytest.raises(Conflict) as over:
        await do(world, transfers.accept, offer, other, SOON)
    assert over.value.extra["transfer_is"] == "closed"
    assert await do(world, transfers.offered_to, other) == []
    assert await ticks.seats(world.worker, NOW + timedelta(minutes=2)) == 1
    assert (await actions(world, case))[-1] == "close"


async def test_whoever_has_left_the_console_is_told_of_once_and_may_be_relieved(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other, boss = await make_operator(world), await make_operator(world, "duty_manager")
    await see(world, giver, NOW)
    assert await ticks.seats(world.worker, NOW + timedelta(minutes=4)) == 0
    with pytest.raises(Conflict) as there:
        await do(world, transfers.take_over, case, other, NOW + timedelta(minutes=4))
    assert (there.value.code, there.value.extra["by"]) == ("still_there", giver.name)
    later = NOW + timedelta(minutes=6)
    assert await ticks.seats(world.worker, later) == 1
    assert await ticks.seats(world.worker, later + timedelta(hours=1)) == 0
    told = (await do(world, cases.timeline, case))[-1]
    assert (told["action"], told["data"]["reason"], told["data"]["name"]) == (
        "escalate",
        "owner_left",
        giver.name,
    )
    assert [row["id"] for row in await do(world, transfers.left_behind, later)] == [case]
    await do(world, transfers.take_over, case, other, later)
    assert await owner(world, case) == other.account_id
    await see(world, other, later)
    await do(world, transfers.take_over, case, boss, later)
    assert await owner(world, case) == boss.account_id
    with pytest.raises(Conflict):
        await do(world, transfers.take_over, case, boss, later)


async def test_the_list_of_a_shift_has_every_case_of_its_owner_with_the_last_note(
    world: World, mine: tuple[UUID, Person]
) -> None:
    case, giver = mine
    other = await make_operator(world)
    await do(world, cases.note, case, giver, SOON, "waits for her son")
    offer = await do(
        world, transfers.offer, case, giver, SOON, other.account_id, "shift_end", "calm", "hand_over"
    )
    (row,) = await do(world, transfers.mine, giver.account_id)
    assert (row["id"], row["transfer_id"], row["to_name"]) == (case, offer, other.name)
    assert row["answer_by"] == SOON + timedelta(minutes=15)
    assert await do(world, transfers.mine, other.account_id) == []


async def test_a_transfer_that_is_not_there_is_not_found(world: World, mine: tuple[UUID, Person]) -> None:
    with pytest.raises(NotFound):
        await do(world, transfers.accept, new_id(), mine[1], NOW)
