"""What a family sees of their own elder."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from core import districts
from core.clock import local_date
from core.db import Row
from core.errors import Forbidden, NotFound
from core.sql import load
from dashboards import visible
from dashboards.auth import Scope
from dashboards.web.family import digest
from dashboards.web.family.digest import Fact, Heard
from dashboards.web.family.wellbeing import OPEN, Wellbeing, judge
from dashboards.web.pages import show

SQL = load(__file__)
DAY = timedelta(days=1)
LATELY = timedelta(days=14)
PAST, AHEAD = timedelta(days=31), timedelta(days=14)
EARLIER = timedelta(hours=12)
"""A visit that should be over may still be under way."""
MOST_SWITCHED = 2000
ZERO = Decimal(0)


@dataclass(frozen=True)
class Home:
    """One elder's page: `mine` is who looks, `sharing` the rights in force, `centre` whom to call there."""

    elder: Row
    mine: UUID
    sharing: frozenset[str]
    well: Wellbeing
    cases: list[dict[str, Any]]
    phone: str
    centre: str
    facts: list[Fact]
    next: Row | None

    @property
    def open(self) -> list[dict[str, Any]]:
        """The cases that somebody must still see to, the gravest page first."""
        return [case for case in self.cases if case["state"] in OPEN]


def member_of(scope: Scope) -> UUID:
    """Return the family member that the account belongs to."""
    if scope.person.family_member_id is None:
        raise Forbidden("this account belongs to no family member")
    return scope.person.family_member_id


async def elders(scope: Scope) -> list[Row]:
    """Return the family member's own elders of whom this page's right is theirs."""
    member_of(scope)
    return await visible.relatives(scope)


async def name_of(scope: Scope, elder: UUID) -> Row:
    """Return one of the family member's own elders; raise NotFound, or Forbidden without the page's right."""
    member_of(scope)
    return await visible.relative(scope, elder)


async def reader_of(scope: Scope, elder: UUID, right: str) -> Row:
    """Return one of the own elders as `name_of`, if what the page shows is shared too, not only its form."""
    found = await name_of(scope, elder)
    visible.need(found, right)
    return found


async def choose(request: Request, scope: Scope, to: str) -> Response:
    """Lead to the only elder's page (`to` and the id), or ask whose; say so when nobody shares it."""
    found = await elders(scope)
    if len(found) == 1:
        return RedirectResponse(f"{to}{found[0]['id']}", status_code=303)
    return ask_whose(request, scope, found, to, found or await visible.own(scope))


def ask_whose(request: Request, scope: Scope, found: list[Row], to: str, known: list[Row]) -> Response:
    """Ask whose page is wanted; `known` are the relative's elders, whatever they share."""
    return show(request, scope, "family/choose.html", elders=found, known=known, to=to)


async def find(scope: Scope, elder: UUID, bond: Row | None = None) -> Home:
    """Return how an own elder is and what happened lately; anybody else's: NotFound."""
    mine: frozenset[str] = (bond or await name_of(scope, elder))["sharing"]
    row = await find_elder(scope, elder)
    cases = await _cases(scope, elder) if "alerts" in mine else []
    devices = await scope.conn.fetch(SQL.list_devices, row["devices"]) if row["devices"] else []
    shown = devices if "vitals" in mine else [{**one, "values": None} for one in devices]
    day = await _day(scope, elder) if "visits" in mine else []
    heard = await _heard(scope, row, devices, day, mine) if not row["died_on"] else Heard()
    settings = await districts.settings(scope.conn, scope.person.district_id)
    is_paused = row["paused_until"] is not None and "alerts" in mine
    sealed = row["provider_phone"]
    return Home(
        elder=row,
        mine=member_of(scope),
        sharing=mine,
        well=judge(shown, cases, row["absence"] if "visits" in mine else None, scope.now, paused=is_paused),
        cases=cases,
        phone=scope.keys.open(scope.person.district_id, sealed) if sealed else "",
        centre=settings.centre_phone,
        facts=[fact for fact in digest.of(heard, scope.now) if fact.of in mine],
        next=next((one for one in day if one["started_at"] is None), None),
    )


async def find_elder(scope: Scope, elder: UUID) -> Row:
    """Return an own elder with bed, provider and devices; anybody else's: NotFound."""
    row = await scope.conn.fetchrow(SQL.find_elder, elder, member_of(scope), local_date(scope.now), scope.now)
    if row is None:
        raise NotFound(f"no elder {elder}")
    return row


async def _cases(scope: Scope, elder: UUID) -> list[dict[str, Any]]:
    rows = await scope.conn.fetch(SQL.list_cases, elder, scope.now - LATELY)
    return await with_steps(scope, rows)


async def with_steps(scope: Scope, cases: list[Row]) -> list[dict[str, Any]]:
    """Give each case the steps that a family may see."""
    steps = await scope.conn.fetch(SQL.list_steps, [case["id"] for case in cases]) if cases else []
    return [{**case, "steps": [s for s in steps if s["case_id"] == case["id"]]} for case in cases]


async def _day(scope: Scope, elder: UUID) -> list[Row]:
    return await scope.conn.fetch(SQL.list_day, elder, midnight(scope.now), scope.now)


async def _heard(scope: Scope, elder: Row, devices: list[Row], day: list[Row], mine: frozenset[str]) -> Heard:
    conn, now = scope.conn, scope.now
    switched: list[Row] = []
    if devices and "vitals" in mine:
        span = (digest.begins(now), now + timedelta(minutes=1), MOST_SWITCHED)
        switched = await conn.fetch(SQL.list_switched, elder["devices"], list(digest.MOTIONS), *span)
    meals = await conn.fetch(SQL.list_meals, elder["id"], local_date(now)) if "visits" in mine else []
    return Heard(switched=switched, devices=devices, meals=meals, visits=day)


def midnight(now: datetime) -> datetime:
    """Return the beginning of the local day."""
    return digest.begins(now).replace(hour=0) + DAY


async def visits(scope: Scope, elder: UUID, sharing: frozenset[str]) -> dict[str, list[Row]]:
    """Return visits coming (the next first) and past (the latest first); none when they are not shared."""
    conn, now = scope.conn, scope.now
    if "visits" not in sharing:
        return {"coming": [], "past": []}
    return {
        "coming": await conn.fetch(SQL.list_coming, elder, now - EARLIER, now + AHEAD),
        "past": await conn.fetch(SQL.list_past, elder, now - PAST, now + DAY),
    }


async def bill(scope: Scope, elder: UUID, month: date) -> dict[str, Any]:
    """Return a month's lines and their sums, and what is left of the month's subsidy."""
    lines = await scope.conn.fetch(SQL.list_bill, elder, month)
    return {
        "lines": lines,
        "entitlements": await scope.conn.fetch(SQL.list_entitlements, elder, month),
        "amount": sum((line["amount"] for line in lines), ZERO),
        "subsidy": sum((line["subsidy"] for line in lines), ZERO),
        "copay": sum((line["copay"] for line in lines), ZERO),
    }
