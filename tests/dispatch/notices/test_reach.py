"""Who can be reached: notices and drills say it, and so does what an operator says of a call."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from dispatch import cases
from dispatch.notices import reach
from dispatch.telephony import bridging
from tests.dispatch.notices.exchange import make_relative
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW

MINUTE = timedelta(minutes=1)


async def call(world: World, by: Person, case: UUID, member: UUID, after: int, result: str) -> None:
    """Call a relative by hand, and say what came of it."""
    async with world.web.transaction(world.district) as conn:
        whom: dict[str, Any] = {"target": "family", "target_id": member}
        made = await bridging.bridge(conn, world.keys, case=case, by=by, now=NOW + after * MINUTE, **whom)
        await bridging.outcome(conn, made["id"], by, NOW + (after + 1) * MINUTE, result)


async def test_what_an_operator_says_of_a_call_is_known_of_the_person(world: World) -> None:
    daughter, operator, case = (
        await make_relative(world, "13800000001"),
        await make_operator(world),
        await make_case(world),
    )
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW)
        assert await reach.of(conn, [daughter]) == {daughter: reach.NOTHING}
    await call(world, operator, case, daughter, 1, "answered")
    await call(world, operator, case, daughter, 3, "busy")
    async with world.worker.transaction(world.district) as conn:  # the gaps are found by the worker
        busy = (await reach.of(conn, [daughter]))[daughter]
    assert (busy.is_unreachable, busy.is_permanent, busy.code, busy.failed_channel) == (
        True,
        False,
        "busy",
        "voice",
    )
    assert busy.last_reached_at is not None
    assert busy.last_reached_at <= NOW + 2 * MINUTE
    await call(world, operator, case, daughter, 5, "wrong_number")
    async with world.worker.transaction(world.district) as conn:
        wrong = (await reach.of(conn, [daughter]))[daughter]
    assert (wrong.code, wrong.is_permanent) == ("wrong_number", True)
    await call(world, operator, case, daughter, 7, "callback")
    async with world.web.transaction(world.district) as conn:
        back = (await reach.of(conn, [daughter]))[daughter]
    assert (back.is_unreachable, back.is_permanent, back.channel) == (False, False, "voice")
