"""A night in the call centre on a pushed clock: the ticks, the app, the pretended phones."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from pydantic import SecretStr

from core import people
from core.accounts import Person
from core.db import Row
from core.settings import Settings
from dashboards.app import create
from deploy.pretend.numbers import ACCOUNT, CENTRE, TOKEN
from deploy.pretend.phones import Manner, Phone
from dispatch import escalation, ticks
from dispatch.inbound import ticks as inbound
from dispatch.notices import ticks as notices
from dispatch.notices.sending import Doors
from dispatch.telephony import sending as calling
from tests import makers
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.pretending import PUBLIC, Pretended, Pushed, pretending

STEP = timedelta(seconds=5)
POLICY: list[dict[str, Any]] = [
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "duty_managers", "wait_seconds": 120, "channels": ["voice"]},
    {"audience": "contacts", "wait_seconds": 120, "channels": ["voice"]},
    {"audience": "everyone", "wait_seconds": 120, "channels": ["voice"]},
]
"""The daughter's phone rings at minute three; after minute five everybody's, until somebody has answered."""
DAUGHTER, MANAGER = "+8613800005678", "+8613800009999"
TRICKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "429": {"refusals": 2},
    "500 after doing it": {"breaks": 1},
    "late": {"late": 60.0},
    "twice": {"is_twice": True},
    "out of order": {"is_shuffled": True},
}
"""How the server misbehaves."""
FAILING = (Manner.BUSY, Manner.RINGS_OUT, Manner.VOICEMAIL, Manner.HANGS_UP, Manner.FAILS, Manner.INVALID)
EACH = (
    *((manner, "plain") for manner in (*FAILING, Manner.WRONG_KEY)),
    *((Manner.ANSWERS, trick) for trick in TRICKS),
    *((Manner.VOICEMAIL, trick) for trick in ("late", "twice", "out of order")),
)
"""Every manner of a phone, every trick of the server, and the callbacks of who did not answer."""


@dataclass
class Night:
    """What a journey has."""

    world: World
    app: FastAPI
    settings: Settings
    phones: Pretended
    daughter: UUID
    manager: Person
    operator: Person
    cases: list[UUID] = field(default_factory=list)

    @property
    def clock(self) -> Pushed:
        return self.phones.clock

    def phone(self, number: str = DAUGHTER) -> Phone:
        return self.phones.exchange.phone(number)

    def play(self, trick: str) -> None:
        """Let the server misbehave."""
        for name, value in TRICKS[trick].items():
            setattr(self.phones.exchange.courier.modes, name, value)

    async def until(self, minutes: float) -> None:
        """Live on to so many minutes after the beginning."""
        end = NOW + timedelta(minutes=minutes)
        while self.clock.now < end:
            self.clock.now = min(self.clock.now + STEP, end)
            await self.tick()

    async def tick(self) -> None:
        """Run once what the dispatch role runs, and let the phones live up to now."""
        worker, keys, now = self.world.worker, self.world.keys, self.clock.now
        await self.phones.exchange.advance(now)  # who is called now is called now, not five seconds ago
        await ticks.intake(worker, now)
        await ticks.escalate(worker, now)
        await notices.notices(worker, Doors.of(self.settings, keys), now)
        await calling.tick(worker, self.settings, keys, now)
        await inbound.missed(worker, now)
        await self.phones.exchange.advance(now)

    async def lines(self, case: UUID, action: str) -> list[Row]:
        async with self.world.web.transaction(self.world.district) as conn:
            found: list[Row] = await conn.fetch(
                "SELECT at, data FROM case_entry WHERE case_id = $1 AND action = $2 ORDER BY id", case, action
            )
        return found

    async def answers(self, case: UUID) -> list[str]:
        """Return what people answered to the notices of a case, in order."""
        return [str(row["data"]["answer"]) for row in await self.lines(case, "family_answer")]

    def rang(self, number: str = DAUGHTER) -> list[datetime]:
        """Return when the centre rang a phone."""
        calls = self.phones.exchange.calls.values()
        return [call.created_at for call in calls if call.to == number and call.direction == "outbound-api"]


async def _people(world: World) -> tuple[UUID, Person, Person]:
    """Make the daughter, the duty manager and the operator; the policy is in force."""
    async with world.web.transaction(world.district) as conn:
        daughter = await people.create_family_member(
            conn, world.keys, district=world.district, name="李娜", phone=DAUGHTER[3:], now=NOW
        )
        await people.bond(
            conn,
            district=world.district,
            elder=world.elder,
            member=daughter,
            relation="daughter",
            priority=1,
            consented_at=NOW,
        )
        await makers.make_consents(conn, world.district, world.elder)
        manager = await makers.make_person(conn, world.district, "duty_manager")
        operator = await makers.make_person(conn, world.district, "operator")
        sealed = world.keys.seal(world.district, MANAGER[3:])
        await conn.execute("UPDATE account SET phone_sealed = $2 WHERE id = $1", manager.account_id, sealed)
        await escalation.activate(conn, district=world.district, name="night", steps=POLICY, now=NOW)
    return daughter, manager, operator


@contextlib.asynccontextmanager
async def night(world: World, files: Path) -> AsyncIterator[Night]:
    """Begin a night: a daughter who agreed to be called, a duty manager with a phone, the policy in force."""
    daughter, manager, operator = await _people(world)
    clock, holder = Pushed(), list[Any]()

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await holder[0](scope, receive, send)

    async with pretending(late, clock) as phones:
        exchange = phones.exchange
        exchange.centre = CENTRE
        at = f"{PUBLIC}/telephony/twilio/inbound"
        exchange.voice.url, exchange.status.url, exchange.sms.url = (
            f"{at}/voice",
            f"{at}/status",
            f"{at}/text",
        )
        settings = Settings(
            public_url=PUBLIC,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=SecretStr(TOKEN),
            twilio_number=CENTRE,
            twilio_url=phones.address,
            telephony_timeout=60,
            evidence_keys_file=files / "evidence-keys.json",
            vapid_file=files / "vapid.pem",
        )
        app = create(settings, world.web, world.keys, clock)
        holder.append(app)
        yield Night(world, app, settings, phones, daughter, manager, operator)
