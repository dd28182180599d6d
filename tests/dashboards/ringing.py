"""A world with a carrier: a case that somebody is told of, the pretended Twilio, the app that it calls."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from pydantic import SecretStr

from core import people
from core.db import Row
from core.ids import new_id
from core.settings import Settings
from dashboards import problems
from dashboards.api import case_calls
from dashboards.telephony import ROUTERS
from deploy.pretend.numbers import ACCOUNT, TOKEN
from dispatch.notices import Recipient, tell
from dispatch.telephony import calls
from dispatch.telephony.twilio_ import Twilio
from tests.dispatch.worlds import World, make_case
from tests.pretending import PUBLIC, Pretended, Pushed, pretending

OURS = "+8653182880000"
DAUGHTER = "+8613800005678"
_LINES = """SELECT at, data, note, account_id FROM case_entry
            WHERE case_id = $1 AND action = $2 ORDER BY id"""
_TRY = """INSERT INTO notice_try (id, district_id, notice_id, channel, nth, state, token, contact_index, at,
                                  taken_at)
          VALUES ($1, $2, $3, $4, 1, 'sending', $5, $6, $7, $7)"""


def settings_of(address: str) -> dict[str, Any]:
    return {
        "public_url": PUBLIC,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": SecretStr(TOKEN),
        "twilio_number": OURS,
        "twilio_url": address,
    }


@dataclass
class Ringing:
    """What a test of the telephone has."""

    world: World
    app: FastAPI
    settings: Settings
    phones: Pretended
    case: UUID
    daughter: UUID

    @property
    def twilio(self) -> Twilio:
        return Twilio(self.settings)

    async def told(self, channel: str = "voice", to: str = DAUGHTER) -> tuple[UUID, str]:
        """Have the daughter's try written down as sending; return call and token."""
        token, try_id = secrets.token_urlsafe(16), new_id()
        world, now = self.world, self.phones.clock()
        index = world.keys.index(world.district, "phone", to.removeprefix("+86"))
        async with world.web.transaction(world.district) as conn:
            notice = await tell(
                conn,
                district=world.district,
                kind="case",
                to=Recipient(family_member=self.daughter, audience="contacts"),
                words="case_contact",
                now=now,
                case=self.case,
            )
            await conn.execute(_TRY, try_id, world.district, notice, channel, token, index, now)
            call = await calls.expect(
                conn,
                world.keys,
                district=world.district,
                notice_try_id=try_id,
                token=token,
                channel=channel,
                carrier="twilio",
                to=to,
                now=now,
                case=self.case,
                family_member=self.daughter,
            )
        return call, token

    async def call(self, call: UUID) -> Row:
        async with self.world.web.transaction(self.world.district) as conn:
            return await calls.find(conn, call)

    async def events(self, call: UUID) -> list[Row]:
        async with self.world.web.transaction(self.world.district) as conn:
            return await calls.events(conn, call)

    async def row(self, query: str, *values: object) -> Row:
        async with self.world.web.transaction(self.world.district) as conn:
            found = await conn.fetchrow(query, *values)
        assert found is not None
        return found

    async def lines(self, action: str) -> list[Row]:
        async with self.world.web.transaction(self.world.district) as conn:
            return await conn.fetch(_LINES, self.case, action)

    def heard(self, number: str = DAUGHTER) -> list[str]:
        return [one.text for one in self.phones.exchange.phone(number).heard if one.kind != "sent"]


def _app(world: World, settings: Settings, clock: Pushed) -> FastAPI:
    """Make an app of what the telephone needs: the whole one takes its time to be built, in every test."""
    app = FastAPI(openapi_url=None)
    state = app.state
    state.settings, state.pool, state.keys, state.clock = settings, world.web, world.keys, clock
    problems.install(app)
    for router in (*ROUTERS, case_calls.router, case_calls.seats):
        app.include_router(router)
    return app


@contextlib.asynccontextmanager
async def ringing(world: World, **settings: Any) -> AsyncIterator[Ringing]:
    """Run the pretended Twilio beside the app; the daughter is a contact of the world's elder."""
    case = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        daughter = await people.create_family_member(
            conn, world.keys, district=world.district, name="d", phone="13800005678", now=Pushed().now
        )
        await people.bond(
            conn,
            district=world.district,
            elder=world.elder,
            member=daughter,
            relation="daughter",
            priority=1,
            consented_at=Pushed().now,
        )
    clock = Pushed()
    holder: list[Any] = []

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await holder[0](scope, receive, send)

    async with pretending(late, clock) as phones:
        given = settings_of(phones.address) | settings
        app = _app(world, Settings(**given), clock)
        holder.append(app)
        yield Ringing(world, app, app.state.settings, phones, case, daughter)
