"""What the console shows of one case."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core import people
from core.clock import local_date
from core.db import Row
from core.errors import NotFound
from core.sql import load
from dashboards.auth import Scope
from dashboards.web import charts, readings
from dashboards.web.charts import Chart
from dashboards.web.console import person, seat
from dashboards.web.console.seat import Seat
from dashboards.web.maps import Map, schematic
from dispatch import incidents, protocols, questions, states
from dispatch.questions import Asked

SQL = load(__file__)
LAST_HOUR = timedelta(hours=1)
OVER = ("cancelled", "missed", "reassigned")
VERBS = ("claim", "call", "note", "verify", "dispatch", "close", "shelve", "unshelve", "return", "recall")


@dataclass(frozen=True)
class Shown:
    """Everything on the case's pane."""

    case: Row
    steps: list[str]
    contacts: list[dict[str, Any]]
    alarms: list[Row]
    entries: list[Row]
    visits: list[Row]
    chart: Chart
    map: Map | None
    masked: dict[str, str]
    can: set[str]
    mine: bool
    members: list[dict[str, Any]]
    seat: Seat
    asked: Asked
    card: person.Shown | None


async def find(scope: Scope, identity: UUID) -> Shown:
    """Gather one case, its person, home, readings, alarms and timeline."""
    conn, now = scope.conn, scope.now
    case = await conn.fetchrow(SQL.find_case, identity, local_date(now), now)
    if case is None:
        raise NotFound(f"no case {identity}")
    alarms = await conn.fetch(SQL.list_alarms, identity)
    visits = await conn.fetch(SQL.list_visits, identity)
    until = now if case["state"] != "closed" else case["closed_at"]
    devices = [UUID(device["id"]) for device in case["devices"]]
    sent = next((one for one in visits if one["caregiver_id"] and one["state"] not in OVER), None)
    rows = await readings.between(conn, devices, until - LAST_HOUR, until)
    card = await person.find(scope, case["elder_id"], case["id"], rows) if case["elder_id"] else None
    contacts = card.contacts if card else []
    asked = await questions.of_case(conn, case)
    around = await seat.find(scope, case, contacts, sent)
    return Shown(
        case=case,
        steps=protocols.chosen(_own(asked, scope.language), case["type"], scope.language),
        contacts=contacts,
        alarms=alarms,
        entries=await conn.fetch(SQL.list_entries, identity),
        visits=visits,
        chart=charts.vitals(rows, until - LAST_HOUR, until, [a["observed_at"] for a in alarms]),
        map=_map(case, around.around),
        masked=_masked(scope, case),
        can={verb for verb in VERBS if case["state"] in states.CASE[verb].sources},
        mine=case["claimed_by"] == scope.person.account_id,
        members=await _members(scope, case),
        seat=around,
        asked=asked,
        card=card,
    )


def _own(asked: Asked, language: str) -> list[Row]:
    """Return the district's own short steps in a language."""
    return [row for row in asked.own_steps if row["language"] == language]


async def _members(scope: Scope, case: Row) -> list[dict[str, Any]]:
    """Return the people of an incident, each with a masked phone."""
    if case["incident_scope"] is None:
        return []
    rows = await incidents.members(scope.conn, case["id"])
    return [{**row, "phone": _phone(scope, row["phone_sealed"])} for row in rows]


def _phone(scope: Scope, sealed: bytes | None) -> str:
    return people.mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else ""


def _masked(scope: Scope, case: Row) -> dict[str, str]:
    district, keys = scope.person.district_id, scope.keys
    address, access = case["address_sealed"], case["access_sealed"]
    return {
        "phone": _phone(scope, case["phone_sealed"]),
        "address": people.mask_address(keys.open(district, address)) if address else "",
        "access": "****" if access else "",
    }


def _map(case: Row, around: list[dict[str, Any]]) -> Map | None:
    if case["lat"] is None:
        return None
    sent = str(case["caregiver_id"]) if case["state"] in ("dispatched", "on_scene") else None
    return schematic(case["lat"], case["lon"], [{**row, "sent": row["id"] == sent} for row in around])
