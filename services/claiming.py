"""A verified visit becomes a claim: price of the contract, grade of the day, quota of the month."""

from collections.abc import Iterable
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
from services import contracts, entitlements, flags, months, pricing, schemes, statements
from services.entitlements import Month
from services.months import Line, Spent
from services.pricing import Explanation, Priced
from services.schemes import InForce

SQL = load(__file__)
HEARERS = ("clerk", "auditor", "approver", "provider_manager", "admin", "family")


MONTHLY = ("late", "over_quota", "no_rate")
"""Flags that come from the month and not from the visit itself."""


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


async def claim(conn: Conn, visit: UUID, now: datetime, zone: ZoneInfo) -> UUID | None:
    """Make the visit's claim in the caller's transaction; None when it has one (then its doubts are renewed).

    Raises Unpriced.
    """
    row = await conn.fetchrow(SQL.find_facts, visit)
    if row is None:
        await _weigh_again(conn, visit, now)
        return None
    settings = await districts.settings(conn, row["district_id"])
    facts = await _visit(conn, row, zone)
    scheme, payer = await _payer(conn, facts)
    if payer is not None:
        return await _store(conn, facts, _paid_by_person(facts, payer), scheme, None, now)
    assert scheme is not None  # noqa: S101 - without a payer there is a scheme
    month = await _month(conn, facts, scheme, settings)
    spent = await respend(conn, month, row["category"], settings, joining=facts.line)
    return await _store(conn, facts, spent[facts.line.visit], scheme, month.id, now)


async def _visit(conn: Conn, row: Row, zone: ZoneInfo) -> Visit:
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
    service, category = facts.row["service"], facts.row["category"]
    covering = [one for one in enrolled if service in one.rules.services]
    if not covering:
        code = enrolled[0].rules.code
        return enrolled[0], {"code": "service_not_covered", "scheme": code, "service": service}
    if category not in covering[0].rules.categories:
        code = covering[0].rules.code
        return covering[0], {"code": "category_not_covered", "scheme": code, "category": category}
    return covering[0], None


def _paid_by_person(facts: Visit, why: Explanation) -> Spent:
    priced = pricing.unsubsidised(facts.line.price, facts.line.units, why)
    return Spent(facts.line, "", replace(priced, explanation=(*facts.line.head, *priced.explanation)))


async def _month(conn: Conn, facts: Visit, scheme: InForce, settings: DistrictSettings) -> Month:
    elder, on = facts.row["elder_id"], facts.service_on
    found = await grades.in_force(conn, elder, scheme.rules.scale, on)
    if found is None:
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
        raise Unpriced("no_rate", scheme=scheme.rules.code, grade=found["grade"])
    return month


async def respend(
    conn: Conn, month: Month, category: str, settings: DistrictSettings, joining: Line | None = None
) -> dict[UUID, Spent]:
    """Spend the month's quota again over its open claims and the one that joins; return all by visit."""
    rows = await conn.fetch(SQL.list_open_lines, month.id)
    closed: Decimal = await conn.fetchval(SQL.sum_closed, month.id)
    lines = [_stored(row) for row in rows] + ([joining] if joining else [])
    kept = [row for row in rows if not months.has_rate(month.spans, row["service_on"])]
    spent, used = months.spend(
        month.scheme.rules, category, month.spans, lines, closed + sum(row["subsidy"] for row in kept)
    )
    by_visit = {one.line.visit: _refused(one) if settings.over_quota == "refuse" else one for one in spent}
    await _change(conn, rows, by_visit)
    for row in kept:
        await conn.execute(SQL.flag_claim, row["id"], _marked(row["flags"], {"no_rate": True}))
    await entitlements.set_used(conn, month.id, used)
    return by_visit


def _stored(row: Row) -> Line:
    head = tuple(words for words in row["explanation"] if words["code"] in months.HEAD)
    times = (row["visit_id"], row["started_at"], row["service_on"])
    return Line(*times, row["service"], row["unit_price"], row["units"], head)


async def _change(conn: Conn, rows: Iterable[Row], spent: dict[UUID, Spent]) -> None:
    for row in rows:
        new = spent.get(row["visit_id"])
        if new is None:
            continue
        doubts = _with_quota(row["flags"], new.priced)
        if (list(new.priced.explanation), doubts) != (row["explanation"], row["flags"]):
            money = (new.priced.subsidy, new.priced.copay, new.grade)
            await conn.execute(SQL.change_claim, row["id"], *money, list(new.priced.explanation), doubts)


def _refused(one: Spent) -> Spent:
    """Mark what is over the quota: the district does not let the person pay it without a decision."""
    if one.priced.explanation[-1]["code"] not in {"subsidy_partial", "subsidy_none"}:
        return one
    words = (*one.priced.explanation, {"code": "over_quota_refused", "copay": str(one.priced.copay)})
    return replace(one, priced=replace(one.priced, explanation=words))


def _with_quota(known: Iterable[str], priced: Priced) -> list[str]:
    over = any(words["code"] == "over_quota_refused" for words in priced.explanation)
    return _marked(known, {"over_quota": over, "no_rate": False})


def _marked(known: Iterable[str], marks: dict[str, bool]) -> list[str]:
    """Set or take away flags that follow from the month; the others stay as they are."""
    return [*(flag for flag in known if flag not in marks), *(flag for flag in marks if marks[flag])]


async def _weigh_again(conn: Conn, visit: UUID, now: datetime) -> None:
    """Renew the doubts on a visit's claim while its statement is a draft: somebody spoke about the visit."""
    row = await conn.fetchrow(SQL.find_doubts, visit)
    if row is None:
        return
    absence = await conn.fetchval(SQL.is_absent, row["elder_id"], row["service_on"])
    doubts = flags.of_proof(row["verdict"], row["elements"], row["witnesses"])
    doubts += flags.of_person(row["service_on"], row["died_on"], absence)
    doubts += [flag for flag in row["flags"] if flag in MONTHLY]
    if doubts != row["flags"]:
        await conn.execute(SQL.flag_claim, row["id"], doubts)
        await _tell_changed(conn, row["district_id"], row["statement_id"], now)


async def _store(
    conn: Conn, facts: Visit, spent: Spent, scheme: InForce | None, entitlement: UUID | None, now: datetime
) -> UUID:
    row, month = facts.row, month_of(facts.service_on)
    statement, joined = await statements.draft(
        conn, district=row["district_id"], provider=row["provider_id"], month=month, now=now
    )
    doubts = _with_quota([*facts.flags, *(["late"] if joined != month else [])], spent.priced)
    identity, priced, line = new_id(), spent.priced, spent.line
    await conn.execute(
        SQL.create_claim,
        *(identity, row["district_id"], row["id"], statement, row["elder_id"], row["provider_id"]),
        *(line.service, line.service_on, month, line.units, facts.unit, line.price),
        *(priced.amount, priced.subsidy, priced.copay, spent.grade or None),
        *(scheme.id if scheme else None, entitlement, list(priced.explanation), doubts),
        *(line.started_at, now),
    )
    await conn.execute(SQL.forget_unpriced, row["id"])
    await _tell(conn, row, identity, statement, now)
    return identity


async def _tell(conn: Conn, row: Row, claim: UUID, statement: UUID, now: datetime) -> None:
    district, who = row["district_id"], {"visit": row["id"], "elder": row["elder_id"]}
    await events.write(
        conn, district=district, kind="claim.created", subject=claim, roles=HEARERS, at=now, **who
    )
    await _tell_changed(conn, district, statement, now)


async def _tell_changed(conn: Conn, district: UUID, statement: UUID, now: datetime) -> None:
    roles = tuple(role for role in HEARERS if role != "family")
    await events.write(
        conn, district=district, kind="statement.changed", subject=statement, roles=roles, at=now
    )
