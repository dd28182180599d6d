"""A district's month from the database, as records: a few statements whatever the number of visits."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import ZONE, month_after
from core.db import Conn, Row
from core.sql import load
from services.fraud.records import Absence, Mark, Month, Person, Photo, Visit

SQL = load(__file__)


async def month(conn: Conn, first: date, geofence_m: float, zone: ZoneInfo = ZONE) -> Month:
    """Return all visits that began in the local month and were checked out of, with the registers."""
    since, until = _instant(first, zone), _instant(month_after(first), zone)
    photos = _photos(await conn.fetch(SQL.list_photos, since, until))
    rows = await conn.fetch(SQL.list_visits, since, until)
    last = month_after(first) - timedelta(days=1)
    deaths = {str(row["id"]): row["died_on"] for row in await conn.fetch(SQL.list_deaths, last)}
    away: dict[str, list[Absence]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_absences, first, last):
        away[str(row["elder_id"])].append(Absence(row["kind"], row["starts_on"], row["ends_on"]))
    persons = {one: Person(deaths.get(one), tuple(away.get(one, ()))) for one in {*deaths, *away}}
    vehicles = {str(row["id"]): row["vehicle"] for row in await conn.fetch(SQL.list_vehicles)}
    visits = [_visit(row, photos.get(str(row["id"]), [])) for row in rows]
    return Month(first, visits, persons, vehicles, str(zone), geofence_m)


def _instant(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _photos(rows: list[Row]) -> Mapping[str, list[Photo]]:
    made: dict[str, list[Photo]] = defaultdict(list)
    for row in rows:
        made[str(row["visit_id"])].append(Photo(row["digest"].hex(), None, row["taken_at"]))
    return made


def _visit(row: Row, photos: list[Photo]) -> Visit:
    companion = row["companion_id"]
    return Visit(
        id=str(row["id"]),
        person=str(row["elder_id"]),
        caregiver=str(row["caregiver_id"]),
        provider=str(row["provider_id"]),
        service=row["service"],
        start=_mark(row["check_in"], row["started_at"]),
        end=_mark(row["check_out"], row["ended_at"]),
        home=str(row["home_id"]),
        place=(row["lat"], row["lon"]),
        planned=None if row["case_id"] else row["minutes"],
        companion=None if companion is None else str(companion),
        photos=photos,
        elements=row["elements"],
        witnesses={str(one.get("witness")): one for one in row["witnesses"]},
        verdict=row["verdict"],
        is_corrected=row["is_corrected"],
        amount=row["amount"],
        grade=row["grade"],
    )


def _mark(said: Mapping[str, Any] | None, at: datetime) -> Mark:
    """Return a mark at the visit's own time (a correction may have moved it), as the phone told the rest."""
    said = said or {}
    received = said.get("received_at")
    return Mark(
        at,
        datetime.fromisoformat(received) if received else at,
        said.get("lat"),
        said.get("lon"),
        said.get("accuracy_m"),
        said.get("is_mock") is True,
        said.get("code"),
        said.get("code_kind"),
    )
