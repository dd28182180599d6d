"""A month's quota spent over its open claims, again whenever one joins or something of the month changes."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from core.db import Conn, Row
from core.districts import DistrictSettings
from core.sql import load
from services import entitlements, months, schemes
from services.entitlements import Month
from services.months import Line, Spent
from services.pricing import Priced
from services.schemes import InForce

SQL = load(__file__)


async def respend(
    conn: Conn, month: Month, settings: DistrictSettings, joining: Line | None = None
) -> dict[UUID, Spent]:
    """Spend the month's quota again over its open claims and the one that joins; return all by visit.

    What is carried into later months is carried anew.
    """
    spent = await _respend(conn, month, settings, joining)
    if month.scheme.rules.looks_back:
        for row in await entitlements.locked_after(conn, month.elder, month.scheme.rules.code, month.month):
            await renew(conn, row, month.district, settings)
    return spent


async def renew(conn: Conn, row: Row, district: UUID, settings: DistrictSettings) -> None:
    """Renew a month {elder_id, scheme_id, month} and its open claims from what holds of the person now."""
    stored = await schemes.find(conn, row["scheme_id"])
    month = await entitlements.open_(
        conn,
        district=district,
        elder=row["elder_id"],
        scheme=InForce(stored["id"], schemes.read(stored["body"])),
        month=row["month"],
        fallback=settings.grade_fallback,
    )
    if month is not None:
        await _respend(conn, month, settings, None)


async def _respend(
    conn: Conn, month: Month, settings: DistrictSettings, joining: Line | None
) -> dict[UUID, Spent]:
    stored = await conn.fetch(SQL.list_open_lines, month.id)
    rows = [row for row in stored if joining is None or row["visit_id"] != joining.visit]
    closed = await conn.fetchrow(SQL.sum_closed, month.id)
    assert closed is not None  # noqa: S101 - an aggregate always gives a row
    lines = [_stored(row) for row in rows] + ([joining] if joining else [])
    kept = [row for row in rows if not months.has_rate(month.spans, row["service_on"])]
    used = closed["used"] + sum(row["subsidy"] for row in kept)
    rules = month.scheme.rules
    spent, used = months.spend(
        rules, rules.categories[0], month.spans, lines, used, closed["visits"] + len(kept)
    )
    by_visit = {one.line.visit: _refused(one) if settings.over_quota == "refuse" else one for one in spent}
    await _change(conn, rows, by_visit)
    for row in kept:
        await conn.execute(SQL.flag_no_rate, row["id"], marked(row["flags"], {"no_rate": True}))
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
        doubts = with_quota(row["flags"], new.priced)
        if (list(new.priced.explanation), doubts) != (row["explanation"], row["flags"]):
            money = (new.priced.amount, new.priced.subsidy, new.priced.copay, new.grade or None)
            await conn.execute(SQL.change_claim, row["id"], *money, list(new.priced.explanation), doubts)


def _refused(one: Spent) -> Spent:
    """Mark what is over the quota: the district does not let the person pay it without a decision."""
    if one.priced.explanation[-1]["code"] not in {"subsidy_partial", "subsidy_none"}:
        return one
    words = (*one.priced.explanation, {"code": "over_quota_refused", "copay": str(one.priced.copay)})
    return replace(one, priced=replace(one.priced, explanation=words))


def with_quota(known: Iterable[str], priced: Priced) -> list[str]:
    """Return the flags with those that follow from the quota."""
    over = any(words["code"] == "over_quota_refused" for words in priced.explanation)
    return marked(known, {"over_quota": over, "no_rate": False})


def marked(known: Iterable[str], marks: dict[str, bool]) -> list[str]:
    """Set or take away flags that follow from the month; the others stay as they are."""
    return [*(flag for flag in known if flag not in marks), *(flag for flag in marks if marks[flag])]
