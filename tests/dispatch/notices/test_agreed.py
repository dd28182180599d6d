"""By what a relative is told: by all, until they say how; then by what they agreed to, and nothing else."""

from datetime import timedelta
from uuid import UUID

from core import consents, people
from core.consents import Given, Subject
from dispatch.notices import audiences
from tests.dispatch.notices.exchange import Exchange, make_relative, push_clock
from tests.dispatch.notices.test_engine import DAUGHTER, SON, quick
from tests.dispatch.worlds import World, make_case
from tests.makers import NOW

MINUTE = timedelta(minutes=1)


async def agree(world: World, member: UUID, *items: str) -> None:
    """Let a relative say how they may be reached."""
    async with world.web.transaction(world.district) as conn:
        given = Given("", member, "member", "online", NOW)
        around = {"district": world.district, "account": None, "now": NOW}
        await consents.give_all(conn, Subject(member=member), items, given, **around)  # type: ignore[arg-type]
        await people.say_reach(conn, member, NOW)


async def test_who_was_never_asked_is_told_by_every_way(world: World) -> None:
    member = await make_relative(world, DAUGHTER)
    async with world.web.transaction(world.district) as conn:
        given = Given("push", member, "member", "online", NOW)
        who = Subject(member=member)
        await consents.give(conn, who, given, district=world.district, account=None, now=NOW)
        [one] = await audiences.family(conn, world.elder, "contacts")
    assert one.agreed is None
    assert one.by(["push", "sms", "voice"]) == ["push", "sms", "voice"]


async def test_who_agreed_to_calls_alone_gets_no_message(world: World) -> None:
    await quick(world)
    await agree(world, await make_relative(world, DAUGHTER), "voice")
    exchange = Exchange()
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    assert exchange.log == [("voice", "+8613800000001")]


async def test_who_wants_nothing_is_passed_over_and_the_next_is_told_at_once(world: World) -> None:
    await quick(world)
    await agree(world, await make_relative(world, DAUGHTER))
    await make_relative(world, SON, relation="son", priority=2)
    exchange = Exchange()
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    assert exchange.log == [("sms", "+8613800000002")]
