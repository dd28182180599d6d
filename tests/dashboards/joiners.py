"""People who come in: an app with a pushed clock, an elder, a clerk, and what their phones are told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from core import people
from core.accounts import Person
from core.crypto import Keys
from core.db import Pool
from dashboards.app import create
from dispatch import phone_codes
from dispatch.notices import telling
from tests import makers
from tests.dashboards.clients import anonymous, client_of, make_app
from tests.makers import NOW

PHONE = "13812345678"
RIGHTS = ["alerts", "vitals", "visits"]


@dataclass
class Place:
    """A district with an elder and a clerk; `now` is what the app's clock says."""

    web: Pool
    worker: Pool
    keys: Keys
    district: UUID
    elder: UUID
    clerk: Person
    now: datetime = NOW
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        settings = make_app(self.web, self.keys).state.settings
        self.app = create(settings, self.web, self.keys, lambda: self.now)

    def push(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    async def told(self) -> list[dict[str, Any]]:
        """Let the tick hand over what waits; return what phones of the district were told, in order."""
        await phone_codes.tick(self.worker, self.keys, self.now)
        async with self.web.transaction(self.district) as conn:
            rows = await conn.fetch(
                "SELECT words, data_sealed, contact_sealed FROM notice ORDER BY created_at, id"
            )
        return [
            {
                **telling.opened(self.keys, self.district, row["data_sealed"]),
                "words": row["words"],
                "to": self.keys.open(self.district, row["contact_sealed"]),
            }
            for row in rows
        ]

    async def code(self) -> str:
        """Return the code that was told last."""
        return str((await self.told())[-1]["code"])

    def visitor(self) -> httpx.AsyncClient:
        """Return a browser of its own in which nobody is logged in."""
        return anonymous(
            self.app, headers={"Accept-Language": "en", "User-Agent": "Mozilla MicroMessenger Android"}
        )

    async def invite(self, **more: Any) -> httpx.Response:
        """Let the clerk invite somebody over the API."""
        body: dict[str, Any] = {
            "elder_id": str(self.elder),
            "name": "\u738b\u654f",
            "phone": PHONE,
            "relation": "daughter",
        }
        body |= {"rights": RIGHTS, "given_as": "elder", "how": "in_person", "on": "2026-11-21", **more}
        async with await client_of(self.app, self.clerk) as clerk:
            return await clerk.post("/api/v1/invitations", json=body)

    async def relative(
        self, phone: str = PHONE, name: str = "\u738b\u654f", elder: UUID | None = None
    ) -> Person:
        """Make a relative with an account, as if joined long ago."""
        async with self.web.transaction(self.district) as conn:
            around: dict[str, Any] = {"district": self.district, "name": name, "phone": phone, "now": NOW}
            member = await people.create_family_member(conn, self.keys, **around)
            tie: dict[str, Any] = {"elder": elder or self.elder, "member": member, "relation": "daughter"}
            await people.bond(conn, district=self.district, **tie, priority=1, consented_at=NOW)
            return await makers.make_person(conn, self.district, "family", family_member=member)


async def make_place(owner: Pool, web: Pool, worker: Pool, keys: Keys, code: str = "370503") -> Place:
    """Make a district with an elder and a clerk."""
    district = await makers.make_district(owner, code)
    async with web.transaction(district) as conn:
        elder = await makers.make_elder(conn, keys, district)
        clerk = await makers.make_person(conn, district, "clerk")
    return Place(web, worker, keys, district, elder, clerk)


async def join(visitor: httpx.AsyncClient, code: str, phone: str = PHONE) -> httpx.Response:
    """Enter number and code on the page."""
    return await visitor.post("/join", data={"phone": phone, "code": code})
