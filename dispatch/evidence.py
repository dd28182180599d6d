"""The evidence of a visit: gathered from the rows, weighed by `proof`, kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.clock import local_date
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch import home_devices, proof, witnesses
from dispatch.proof import Facts, Proof
from dispatch.service_items import ITEMS
from dispatch.witnesses import Confirmation, Mark

SQL = load(__file__)


async def decide(conn: Conn, visit_id: UUID, now: datetime) -> Proof:
    """Weigh a visit that has been checked out of, and keep the proof; raise NotFound."""
    facts, district = await gather(conn, visit_id)
    found = proof.decide(facts)
    values = (visit_id, district, found.verdict, found.elements, found.witnesses, now)
    await conn.execute(SQL.keep_proof, *values)
    return found


async def gather(conn: Conn, visit_id: UUID) -> tuple[Facts, UUID]:
    """Bring everything together that speaks about a visit, and its district."""
    day = await conn.fetchrow(SQL.find_visit_day, visit_id)
    if day is None:
        raise NotFound(f"no visit {visit_id}")
    item, served_on = ITEMS.get(day["service"]), local_date(day["started_at"])
    row = await conn.fetchrow(SQL.find_facts, visit_id, item.skill if item else "", served_on)
    assert row is not None  # noqa: S101 - a visit that began has elder, home and caregiver
    settings = await districts.settings(conn, row["district_id"])
    sensors = await home_devices.sensors(conn, row["elder_id"], row["care_bed_id"])
    since, until = row["started_at"] - witnesses.BASELINE, row["ended_at"] + witnesses.MARGIN
    readings = await home_devices.between(conn, sensors, since, until)
    said = await conn.fetch(SQL.list_confirmations, visit_id)
    facts = Facts(
        service=row["service"],
        is_known=item is not None,
        is_recorded=bool(row["record"]),
        is_emergency=row["case_id"] is not None,
        recipient=_recipient(row, served_on),
        window_start=row["window_start"],
        window_end=row["window_end"],
        planned_on=local_date(row["window_start"]),
        served_on=served_on,
        minutes=row["minutes"],
        lat=row["lat"],
        lon=row["lon"],
        caregiver=_caregiver(row),
        overlaps=row["overlaps"],
        check_in=_mark(row["check_in"]),
        check_out=_mark(row["check_out"]),
        geofence_m=settings.geofence_m,
        grace=timedelta(minutes=settings.grace_minutes),
        sensors=sensors,
        readings=readings,
        confirmations=[Confirmation(one["data"]["who"], one["data"]["agrees"]) for one in said],
    )
    return facts, row["district_id"]


def _recipient(row: Row, served_on: date) -> str:
    if row["died_on"] is not None and row["died_on"] < served_on:
        return "died"
    return f"away_{row['away']}" if row["away"] else "present"


def _caregiver(row: Row) -> str:
    if not row["is_skilled"]:
        return "no_skill"
    return "certificate_expired" if row["is_certified"] is False else "qualified"


def _mark(mark: dict[str, Any]) -> Mark:
    return Mark(
        at=_instant(mark["at"]),
        received_at=_instant(mark["received_at"]),
        lat=mark["lat"],
        lon=mark["lon"],
        accuracy_m=mark["accuracy_m"],
        code=mark["code"],
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
