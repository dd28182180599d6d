"""The evidence of a visit: gathered from the rows, weighed by `proof`, kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.clock import local_date
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch import home_devices, home_witness, proof, witnesses
from dispatch.geo import distance_km
from dispatch.proof import Facts, Proof, Way
from dispatch.service_items import ITEMS
from dispatch.witnesses import Companion, Confirmation, Mark, Photo, Signature

SQL = load(__file__)
SETTLE = timedelta(minutes=15)
"""So long after a visit's end its home has told what it noticed of those who left."""
SETTLE_WITHIN = timedelta(days=1)


async def decide(conn: Conn, visit_id: UUID, now: datetime) -> Proof:
    """Weigh a visit that has been checked out of, and keep the proof; raise NotFound."""
    facts, district = await gather(conn, visit_id, now)
    found = proof.decide(facts)
    values = (visit_id, district, found.verdict, found.elements, found.witnesses, now)
    await conn.execute(SQL.keep_proof, *values)
    return found


async def decide_again(conn: Conn, visit_id: UUID, now: datetime) -> None:
    """Weigh a visit again because something came after its check-out; one not yet weighed stays so."""
    if await conn.fetchval(SQL.lock_state, visit_id) in proof.WEIGHED:
        await decide(conn, visit_id, now)


async def settle_due(conn: Conn, now: datetime) -> int:
    """Weigh again what was weighed before the home had told everything; return how many."""
    rows = await conn.fetch(SQL.list_unsettled, now - SETTLE, now - SETTLE_WITHIN, SETTLE)
    for row in rows:
        await decide_again(conn, row["id"], now)
    return len(rows)


async def gather(conn: Conn, visit_id: UUID, now: datetime) -> tuple[Facts, UUID]:
    """Bring everything together that speaks about a visit, and its district."""
    day = await conn.fetchrow(SQL.find_visit_day, visit_id)
    if day is None:
        raise NotFound(f"no visit {visit_id}")
    item, served_on = ITEMS.get(day["service"]), local_date(day["started_at"])
    row = await conn.fetchrow(SQL.find_facts, visit_id, item.skill if item else "", served_on)
    assert row is not None  # noqa: S101 - a visit that began has elder, home and caregiver
    settings = await districts.settings(conn, row["district_id"])
    since, until = row["started_at"] - home_witness.BASELINE, row["ended_at"] + witnesses.MARGIN
    home = await home_devices.home(conn, row["elder_id"], row["care_bed_id"], since, until, now)
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
        home=home,
        visit_id=visit_id,
        staff=row["staff"],
        companion=_companion(row),
        way=_way(row),
        further=[(_instant(one["from"]), _instant(one["to"])) for one in row["windows"]],
        **await _said(conn, visit_id),
    )
    return facts, row["district_id"]


async def _said(conn: Conn, visit_id: UUID) -> dict[str, Any]:
    """Return what people said, and what was photographed and signed."""
    papers = await conn.fetchrow(SQL.find_papers, visit_id)
    assert papers is not None  # noqa: S101 - a row of lists, empty or not
    return {
        "confirmations": [Confirmation(one["who"], one["agrees"]) for one in papers["said"]],
        "photos": [Photo(_instant(one["at"]), _uuid(one["first_of"])) for one in papers["photos"]],
        "signatures": [Signature(one["who"], one["is_intact"]) for one in papers["signed"]],
    }


def _companion(row: Row) -> Companion | None:
    came, left = row["second_in"], row["second_out"]
    return Companion(_mark(came), _mark(left) if left else None) if came else None


def _way(row: Row) -> Way | None:
    """Return the way from the caregiver's visit before to this one."""
    if row["before"] is None:
        return None
    before = row["before"]
    minutes = (row["started_at"] - _instant(before["ended_at"])).total_seconds() / 60
    return Way(distance_km(before["lat"], before["lon"], row["lat"], row["lon"]), minutes)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _recipient(row: Row, served_on: date) -> str:
    if row["died_on"] is not None and row["died_on"] < served_on:
        return "died"
    return f"away_{row['away']}" if row["away"] else "present"


def _caregiver(row: Row) -> str:
    if not row["is_skilled"]:
        return "no_skill"
    return "certificate_expired" if row["is_certified"] is False else "qualified"


def _mark(mark: dict[str, Any]) -> Mark:
    at, is_corrected = _instant(mark["at"]), mark.get("clock") == "corrected"
    return Mark(
        at=at,
        received_at=at if is_corrected else _instant(mark["received_at"]),
        lat=mark["lat"],
        lon=mark["lon"],
        accuracy_m=mark["accuracy_m"],
        code=mark["code"],
        code_kind=mark.get("code_kind"),
        clock=mark.get("clock"),
        clock_off_s=mark.get("clock_off_s"),
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
