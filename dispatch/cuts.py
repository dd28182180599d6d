"""Cuts: homes that lose power or network together become one incident; called by intake, one at a time.

Only technical cases are gathered: a care alarm of the same home is a case of its own, whatever else is wrong.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.districts import DistrictSettings
from core.ids import new_id
from core.sql import load
from dispatch import cases, endings, escalation, grouping, journal
from dispatch.grouping import Grouping, Home, Incident, Limits

SQL = load(__file__)
SEVERITY = 2
"""Of an incident in the technical queue: above any single device."""


async def consider(conn: Conn, alarm: Row, settings: DistrictSettings, now: datetime) -> None:
    """See what a technical alarm that has its case tells of its home; the caller holds the intake's lock."""
    if endings.of(alarm["type"]).cut is None or alarm["care_bed_id"] is None:
        return
    place = await conn.fetchrow(SQL.find_place, alarm["care_bed_id"])
    assert place is not None  # noqa: S101 - a bed has a home
    home, is_cut = _home(place), endings.is_cut(alarm["type"], alarm["thing_model"])
    if place["incident_id"] is not None:
        await _join(conn, place, alarm, now, is_cut=is_cut)
        return
    if not is_cut:
        return
    since = alarm["received_at"] - timedelta(minutes=settings.incident_window_minutes)
    waiting = [_home(row) for row in await conn.fetch(SQL.list_waiting, since, *_WHAT)]
    limits = Limits(settings.incident_homes, settings.incident_radius_m, settings.incident_community_homes)
    found = grouping.group(home, waiting, await _open_incidents(conn), limits)
    if found is not None:
        await _apply(conn, found, alarm, home, since, now)


_WHAT = (list(endings.CUTS), list(endings.MAINS_ONLY), list(endings.MAINS_MODELS))


def _home(row: Row) -> Home:
    return Home(row["home_id"], row["lat"], row["lon"], row["region_code"])


async def _open_incidents(conn: Conn) -> list[Incident]:
    rows = await conn.fetch(SQL.list_open_homes)
    homes: dict[tuple[UUID, str], list[Home]] = defaultdict(list)
    for row in rows:
        homes[row["incident_id"], row["scope"]].append(_home(row))
    return [Incident(identity, scope, tuple(found)) for (identity, scope), found in homes.items()]


async def _apply(conn: Conn, found: Grouping, alarm: Row, home: Home, since: datetime, now: datetime) -> None:
    cause = endings.of(alarm["type"]).cut
    incident = found.incident_id
    if incident is None:
        incident = await _open(conn, found.scope, alarm, home, now)
    row = await cases.lock(conn, incident)
    await conn.execute(SQL.widen, incident, found.scope)
    for other in found.absorbed:
        await _absorb(conn, incident, other, now)
    await _gather(conn, row, [one.home_id for one in found.homes], since, now)
    await conn.execute(SQL.touch, incident, alarm["received_at"])
    if cause == "power" or await conn.fetchval(SQL.has_power, incident):
        await _is_power(conn, incident)


async def _open(conn: Conn, scope: str, alarm: Row, home: Home, now: datetime) -> UUID:
    """Open the technical case that carries an incident; it belongs to nobody and to no device."""
    identity, cause = new_id(), endings.of(alarm["type"]).cut
    what = (f"{cause}_cut", SEVERITY, alarm["received_at"], await escalation.in_force(conn), None, None, None)
    await conn.execute(cases.SQL.open_case, identity, alarm["district_id"], None, None, "technical", *what)
    place = (scope, home.region_code, home.lat, home.lon)
    await conn.execute(SQL.create_incident, identity, alarm["district_id"], cause, *place)
    row = await cases.lock(conn, identity)
    data = {"type": row["type"], "severity": SEVERITY}
    await journal.case(conn, {**row, "state": None}, "open", now, to="raised", data=data)
    return identity


async def _gather(conn: Conn, incident: Row, homes: Sequence[UUID], since: datetime, now: datetime) -> None:
    """Take homes, the people in them and their open cases into an incident."""
    people = await conn.fetch(SQL.add_people, incident["id"], incident["district_id"], list(homes), now)
    linked = await conn.fetch(SQL.link_cases, incident["id"], list(homes), since, list(endings.CUTS))
    data = {"homes": len(homes), "people": len(people), "cases": len(linked)}
    await journal.case(conn, incident, "gather", now, data=data)
    for one in sorted(linked, key=lambda row: str(row["id"])):
        await journal.case(conn, one, "gathered", now, data={"incident_id": str(incident["id"])})


async def _absorb(conn: Conn, incident: UUID, other: UUID, now: datetime) -> None:
    """Take over all of an incident that turned out to be the same."""
    row = await cases.lock(conn, other)
    await conn.execute(SQL.move_people, other, incident)
    await conn.execute(SQL.drop_people, other)
    await conn.execute(SQL.move_cases, other, incident)
    await cases.end(conn, row, now, "merged", {"incident_id": str(incident)})


async def _join(conn: Conn, place: Row, alarm: Row, now: datetime, *, is_cut: bool) -> None:
    """Link one more alarm's case of a home that an incident has; one that was back is cut off again."""
    incident = place["incident_id"]
    case = await conn.fetchrow(SQL.link_case, alarm["id"], incident)
    if case is not None:
        await journal.case(conn, case, "gathered", now, data={"incident_id": str(incident)})
    if is_cut and place["cause"] != "power" and endings.of(alarm["type"]).cut == "power":
        await cases.lock(conn, incident)
        await _is_power(conn, incident)
    if is_cut and place["is_back"]:
        row = await cases.lock(conn, incident)
        again = await conn.fetch(SQL.lose_again, incident, place["home_id"])
        await conn.execute(SQL.touch, incident, alarm["received_at"])
        await journal.case(conn, row, "gather", now, data={"homes": 1, "people": len(again), "again": True})


async def _is_power(conn: Conn, incident: UUID) -> None:
    """Name an incident after its cause: where power is lost, the network is lost with it."""
    await conn.execute(SQL.set_cause, incident)
    await conn.execute(SQL.set_type, incident)
