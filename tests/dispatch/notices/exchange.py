"""A telephone exchange in memory: a Carrier whose calls and messages stand in a list."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core import people
from core.db import Conn
from core.settings import Settings
from dispatch.notices import answers, ticks
from dispatch.notices.sending import Doors
from dispatch.telephony.carriers import Capability, Carrier, Failed, Sent
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW


@dataclass(frozen=True)
class Heard:
    """One call or message that the exchange took."""

    channel: str
    to: str
    token: str
    ref: str
    body: str = ""


@dataclass
class Exchange(Carrier):
    """A carrier: it takes what it is given, unless `refusals` holds what it says instead, by channel."""

    taken: list[Heard] = field(default_factory=list)
    refusals: dict[str, list[Failed]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return "twilio"

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability)

    async def say(self, to: str, token: str, words: str = "") -> Sent:
        return self._take("voice", to, token, words)

    async def text(self, to: str, body: str, token: str) -> Sent:
        return self._take("sms", to, token, body)

    async def bridge(self, desk: str, to: str, token: str) -> Sent:
        raise NotImplementedError

    async def end(self, ref: str) -> None:
        raise NotImplementedError

    async def find(self, to: str, since: datetime, token: str, known: Collection[str] = ()) -> Sent | None:  # noqa: ARG002 - the token is enough here
        return next(
            (Sent(one.ref) for one in self.taken if one.token == token and one.ref not in known), None
        )

    def _take(self, channel: str, to: str, token: str, body: str = "") -> Sent:
        waiting = self.refusals.get(channel)
        if waiting:
            raise waiting.pop(0)
        one = Heard(channel, to, token, f"ref-{len(self.taken) + 1}", body)
        self.taken.append(one)
        return Sent(one.ref)

    @property
    def log(self) -> list[tuple[str, str]]:
        return [(one.channel, one.to) for one in self.taken]


def doors(world: World, exchange: Exchange | None, **given: Any) -> Doors:
    async def carrier_of(_conn: Conn, _district: UUID) -> Carrier | None:
        return exchange

    return Doors(Settings.load(**given), world.keys, carrier_of)


async def push_clock(world: World, exchange: Exchange, at: datetime) -> None:
    """Run what the dispatch role would run now."""
    from dispatch import ticks as dispatch_ticks  # noqa: PLC0415 - two modules called ticks

    await dispatch_ticks.escalate(world.worker, at)
    await ticks.notices(world.worker, doors(world, exchange), at)


async def make_relative(
    world: World,
    phone: str | None,
    *,
    relation: str = "daughter",
    priority: int = 1,
    elder: UUID | None = None,
) -> UUID:
    """Make a relative (or neighbour) who agreed to be told of alarms."""
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name=relation, phone=phone, now=NOW
        )
        await people.bond(
            conn,
            district=world.district,
            elder=elder or world.elder,
            member=member,
            relation=relation,
            priority=priority,
            consented_at=NOW,
            rights=("alerts",),
        )
    return member


async def make_manager(world: World, phone: str) -> UUID:
    """Make a duty manager with a telephone."""
    manager = await make_operator(world, "duty_manager")
    async with world.web.transaction(world.district) as conn:
        sealed = world.keys.seal(world.district, phone)
        await conn.execute("UPDATE account SET phone_sealed = $2 WHERE id = $1", manager.account_id, sealed)
    return manager.account_id


async def hear(world: World, token: str, outcome: str, keys: str, at: datetime, **given: Any) -> str:
    """Let a webhook say what became of a try."""
    async with world.web.transaction(world.district) as conn:
        try_id = await answers.by_token(conn, token)
        assert try_id is not None
        return await answers.heard(conn, try_id, outcome, keys, at, **given)


async def notices_of(world: World) -> list[tuple[str, str | None]]:
    """Return state and answer of every notice, in the order in which they were made."""
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT state, answer FROM notice ORDER BY id")
    return [(row["state"], row["answer"]) for row in rows]
