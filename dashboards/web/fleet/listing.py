"""The fleet in rows: whose device it is, how it stands, when it was tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from core.db import Conn
from core.sql import load
from dashboards.web.fleet import standing
from devices import thing_models
from gateway import fleet, states
from gateway.fleet import CONDITIONS, SORTS, Filter, Place

SQL = load(__file__)
PAGE = 50
_LONGEST = 60
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the fleet."""

    rows: list[dict[str, Any]]
    next: str | None


def wanted(model: str, region: str, state: str, text: str, sort: str) -> Filter:
    """Read the filters of an address; what is none is no filter."""
    return Filter(
        model=model if model in thing_models.all_() else None,
        region=region if region.isdecimal() else None,
        condition=state if state in CONDITIONS else None,
        text=text.strip().replace("\0", "")[:_LONGEST] or None,
        sort=sort if sort in SORTS else SORTS[0],
    )


def address(one: Filter, **more: str) -> str:
    """Write filters as the query of an address."""
    given = {
        "model": one.model,
        "region": one.region,
        "state": one.condition,
        "text": one.text,
        "sort": one.sort if one.sort != SORTS[0] else None,
        **more,
    }
    return urlencode({name: value for name, value in given.items() if value})


def place(text: str) -> Place | None:
    """Read where a page begins; None: at the start."""
    parts = text.split(" ", _PARTS - 1)
    try:
        return Place(float(parts[0]), parts[2], int(parts[1]))
    except (ValueError, IndexError):
        return None


def placed(one: Place) -> str:
    """Write where the next page begins."""
    return f"{one.rank!r} {one.no} {one.label}"


async def page(conn: Conn, one: Filter, now: datetime, after: str = "", size: int = PAGE) -> Shown:
    """Return a page of the fleet in its order."""
    found = await fleet.found(conn, one, now, place(after), size + 1)
    shown = found[:size]
    rows = await described(conn, [identity for identity, _ in shown])
    if one.sort == "seen":  # its order is by slots of ten minutes: within a page it is exact
        rows.sort(key=_last_heard)
    return Shown(rows, placed(shown[-1][1]) if len(found) > size else None)


def _last_heard(row: Mapping[str, Any]) -> str:
    said = row["said"]
    return said["last_seen_at"].isoformat() if said and said["last_seen_at"] else ""


async def described(conn: Conn, devices: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return devices in this order, with whom they watch over and what they said last."""
    if not devices:
        return []
    rows = {row["id"]: row for row in await conn.fetch(SQL.list_devices, list(devices))}
    said = {row["device_id"]: row for row in await states.of(conn, list(devices))}
    return [_row(rows[identity], said.get(identity)) for identity in devices if identity in rows]


def _row(device: Mapping[str, Any], said: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        **device,
        "said": said,
        "state": standing.standing(said),
        "battery": standing.battery(said),
        "firmware": standing.firmware(said),
    }
