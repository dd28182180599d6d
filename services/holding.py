"""Visits ahead that wait: the elder is away, or the month's quota is used up; freed when that is over."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from core import absences
from core.clock import local_date, month_of
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.sql import load
from dispatch import visits
from services import contracts, entitlements, expecting, over_quota, pricing, schemes
from services.expecting import Version
from services.over_quota import Planned

SQL = load(__file__)
QUOTA = "quota"
OURS = (*absences.KINDS, QUOTA)
"""Reasons that come and go here; another reason is a person's, and stays."""


async def settle(
    conn: Conn, elder: Row, versions: Sequence[Version], settings: DistrictSettings, now: datetime
) -> None:
    """Hold what must wait and free what need not any more; an emergency is never held."""
    rows = await conn.fetch(SQL.list_ahead, elder["id"], now)
    away = await absences.list_(conn, elder["id"])
    spent = await _beyond(conn, elder["id"], rows, versions, settings, now)
    for row in rows:
        if row["held_reason"] not in (None, *OURS):
            continue
        reason = _absent(away, local_date(row["window_start"])) or (QUOTA if row["id"] in spent else None)
        if reason and reason != row["held_reason"]:
            await visits.hold(conn, row["id"], reason, now)
        elif reason is None and row["held_reason"]:
            await visits.free(conn, row["id"], now)


def _absent(away: Sequence[Row], day: date) -> str | None:
    for one in away:
        if one["starts_on"] <= day and (one["ends_on"] is None or day <= one["ends_on"]):
            kind: str = one["kind"]
            return kind
    return None


async def _beyond(
    conn: Conn,
    elder: UUID,
    rows: Sequence[Row],
    versions: Sequence[Version],
    settings: DistrictSettings,
    now: datetime,
) -> set[UUID]:
    """Return the visits for which this or the next months' quota leaves nothing."""
    strict = {item.id for version in versions for item in version.items if item.within_quota}
    if settings.over_quota != "refuse" and not strict:
        return set()
    found: set[UUID] = set()
    for month in sorted({month_of(local_date(row["window_start"])) for row in rows}):
        quotas = await entitlements.of_month(conn, elder, month)
        if quotas:
            paid = await _planned(conn, elder, month, rows, strict, settings, now)
            found |= over_quota.beyond(sum((one["rest"] for one in quotas), Decimal(0)), paid)
    return found


async def _planned(
    conn: Conn,
    elder: UUID,
    month: date,
    rows: Sequence[Row],
    strict: set[UUID],
    settings: DistrictSettings,
    now: datetime,
) -> list[Planned]:
    """Return the month's visits that a scheme would pay, at the prices of their providers' contracts.

    A package is bought whole: its visits spend nothing and are never held.
    """
    day = max(month, local_date(now))
    rules = [one.rules for one in await schemes.in_force(conn, elder, day)]
    covered = {service for one in rules if one.package is None for service in one.services}
    made = []
    for row in rows:
        on = local_date(row["window_start"])
        pays = row["funding"] == "subsidy" and row["service"] in covered and row["provider_id"]
        if month_of(on) != month or not pays:
            continue
        price = await contracts.price_on(conn, row["provider_id"], row["service"], on)
        item = expecting.parse(row["origin"] or "")
        is_strict = settings.over_quota == "refuse" or (item is not None and item[0] in strict)
        if price:
            amount = pricing.money(price["price"] * pricing.units(price["unit"], row["length"]))
            made.append(Planned(row["id"], row["window_start"], amount, may_exceed=not is_strict))
    return made
