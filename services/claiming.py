"""A verified visit becomes a claim: price of the contract, grade of the day, quota of the month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from core import districts, events, grades
from core.clock import local_date, month_of
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.ids import new_id
from core.sql import load
from services import (
    contracts,
    entitlements,
    flags,
    months,
    policy,
    pricing,
    schemes,
    spending,
    statements,
    subjects,
)
from services.entitlements import Month
from services.months import Line, Spent
from services.pricing import Explanation
from services.schemes import InForce

SQL = load(__file__)
HEARERS = ("clerk", "auditor", "approver", "provider_manager", "admin", "family")


class Unpriced(Exception):  # noqa: N818 - an answer, kept in a row, not a failure
    """A verified visit cannot be priced: `code` says what is missing."""

    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Visit:
    """A verified visit with its contract's price."""

    row: Row
    service_on: date
    unit: str
    line: Line
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Costed:
    """A visit with its money; `scheme` None: private, `entitlement` None: no quota is touched."""

    visit: Visit
    spent: Spent
    scheme: InForce | None
    entitlement: UUID | None


async def claim(conn: Conn, visit: UUID, now: datetime, zone: ZoneInfo) -> UUID | None:
    """Make the visit's claim in the caller's transaction; None when it has one. Raises Unpriced."""
    row = await conn.fetchrow(SQL.find_facts, visit)
    if row is None:
        return None
    settings = await districts.settings(conn, row["district_id"])
    return await _store(conn, await cost(conn, row, settings, zone), now)


async def cost(conn: Conn, row: Row, settings: DistrictSettings, zone: ZoneInfo) -> Costed:
    """Say what a verified visit costs whom, the month's open claims spent again with it; raise Unpriced."""
    facts = await facts_of(conn, row, zone)
    scheme, payer = await _payer(conn, facts)
    if payer is not None:
        return Costed(facts, _paid_by_person(facts, payer), scheme, None)
    assert scheme is not None  # noqa: S101 - without a payer there is a scheme
    month = await _month(conn, facts, scheme, settings)
    spent = await spending.respend(conn, month, settings, joining=facts.line)
    return Costed(facts, spent[facts.line.visit], scheme, month.id)


async def facts_of(conn: Conn, row: Row, zone: ZoneInfo) -> Visit:
    """Return a visit with its contract's price, its units and the doubts about it; raise Unpriced."""
    if row["provider_id"] is None:
        raise Unpriced("no_provider")
    if row["started_at"] is None or row["ended_at"] is None:
        raise Unpriced("no_times")
    on = local_date(row["started_at"], zone)
    price = await contracts.price_on(conn, row["provider_id"], row["service"], on)
    if price is None:
        known = await contracts.has_one(conn, row["provider_id"], on)
        code = "no_price" if known else "no_contract"
        raise Unpriced(code, provider=str(row["provider_id"]), service=row["service"], on=on.isoformat())
    absence = await conn.fetchval(SQL.is_absent, row["elder_id"], on)
    doubts = flags.of_proof(row["verdict"], row["elements"], row["witnesses"])
    doubts += flags.of_person(on, row["died_on"], absence)
    return Visit(row, on, price["unit"], _line(row, on, price), tuple(doubts))


def _line(row: Row, on: date, price: Row) -> Line:
    meals = row["record"].get("meals") if isinstance(row["record"], dict) else None
    duration = row["ended_at"] - row["started_at"]
    count = pricing.units(price["unit"], duration, meals if type(meals) is int else None)
    unit_price: Decimal = price["price"]
    head = (
        {
            "code": "contract_price",
            "contract": price["number"],
            "service": row["service"],
            "unit": price["unit"],
            "price": str(unit_price),
        },
        {
            "code": "units",
            "unit": price["unit"],
            "units": pricing.plain(count),
            "minutes": str(pricing.minutes(duration)),
        },
    )
    return Line(row["id"], row["started_at"], on, row["service"], unit_price, count, head)


async def _payer(conn: Conn, facts: Visit) -> tuple[InForce | None, Explanation | None]:
    """Choose the scheme; or say why the person pays for it all."""
    if facts.row["funding"] == "private":
        return None, {"code": "private"}
    enrolled = await schemes.in_force(conn, facts.row["elder_id"], facts.service_on)
    if not enrolled:
        known = await entitlements.enrolments(conn, facts.row["elder_id"])
        raise Unpriced("no_scheme" if known else "not_enrolled", on=facts.service_on.isoformat())
    service = facts.row["service"]
    covering = [one for one in enrolled if service in one.rules.services]
    if not covering:
        code = enrolled[0].rules.code
        return enrolled[0], {"code": "service_not_covered", "scheme": code, "service": service}
    if len(covering) == 1 and covering[0].rules.is_plain:
        return covering[0], None
    return await _choose(conn, facts, covering)


async def _choose(
    conn: Conn, facts: Visit, covering: Sequence[InForce]
) -> tuple[InForce, Explanation | None]:
    """Take the first scheme (priority, then code) under which the person is eligible, or the first.

    A visit is paid under one scheme: when its quota is used up, the next one is not asked.
    """
    subject = await subjects.find(conn, facts.row["elder_id"])
    found = [policy.eligible(one.rules, subject, facts.service_on) for one in covering]
    scheme = next((one for one, told in zip(covering, found, strict=True) if told.is_eligible), covering[0])
    first = next((one for one in found[covering.index(scheme)].unmet if one.code == "category"), None)
    if first is None:
        return scheme, None
    code, category = scheme.rules.code, first.figures["has"]
    return scheme, {"code": "category_not_covered", "scheme": code, "category": category}


def _paid_by_person(facts: Visit, why: Explanation) -> Spent:
    priced = pricing.unsubsidised(facts.line.price, facts.line.units, why)
    return Spent(facts.line, "", replace(priced, explanation=(*facts.line.head, *priced.explanation)))


async def _month(conn: Conn, facts: Visit, scheme: InForce, settings: DistrictSettings) -> Month:
    elder, on = facts.row["elder_id"], facts.service_on
    found = await grades.in_force(conn, elder, scheme.rules.scale, on)
    if found is None and scheme.rules.scale != "none":
        raise Unpriced("no_grade", scale=scheme.rules.scale, on=on.isoformat())
    month = await entitlements.open_(
        conn,
        district=facts.row["district_id"],
        elder=elder,
        scheme=scheme,
        month=month_of(on),
        fallback=settings.grade_fallback,
    )
    span = months.span_on(month.spans, on) if month else None
    if month is None or span is None or span.rate is None:
        raise Unpriced("no_rate", scheme=scheme.rules.code, grade=found["grade"] if found else "")
    return month


async def _store(conn: Conn, costed: Costed, now: datetime) -> UUID:
    row, month = costed.visit.row, month_of(costed.visit.service_on)
    statement, joined = await statements.draft(
        conn, district=row["district_id"], provider=row["provider_id"], month=month, now=now
    )
    identity = new_id()
    await conn.execute(
        SQL.create_claim,
        *(identity, row["district_id"], row["id"], statement, row["elder_id"], row["provider_id"]),
        costed.spent.line.service,
        *values(costed, is_late=joined != month),
        now,
    )
    await conn.execute(SQL.forget_unpriced, row["id"])
    await _tell(conn, row, identity, statement, now)
    return identity


def values(costed: Costed, *, is_late: bool) -> tuple[object, ...]:
    """Return a claim's day, units, money, scheme, explanation, flags and start, in this order."""
    facts, spent, priced, line = costed.visit, costed.spent, costed.spent.priced, costed.spent.line
    doubts = spending.with_quota([*facts.flags, *(["late"] if is_late else [])], priced)
    scheme = costed.scheme.id if costed.scheme else None
    return (
        *(line.service_on, month_of(line.service_on), line.units, facts.unit, line.price),
        *(priced.amount, priced.subsidy, priced.copay, spent.grade or None),
        *(scheme, costed.entitlement, list(priced.explanation), doubts, line.started_at),
    )


async def _tell(conn: Conn, row: Row, claim: UUID, statement: UUID, now: datetime) -> None:
    district, who = row["district_id"], {"visit": row["id"], "elder": row["elder_id"]}
    who["provider"] = row["provider_id"]
    await events.write(
        conn, district=district, kind="claim.created", subject=claim, roles=HEARERS, at=now, **who
    )
    await statements.tell_changed(conn, district, statement, now)
