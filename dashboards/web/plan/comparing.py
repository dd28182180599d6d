"""What a plan would change: figures beside what stands, and every promise that it breaks, by name."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.ids import parse_id
from dashboards.web.plan.day import SQL
from dispatch.geo import distance_km, travel_minutes

MOST_TOLD = 200


async def figures(conn: Conn, plan: UUID, factor: float) -> dict[str, Any]:
    """Return a plan's figures beside those of what stands now for the same visits."""
    row = await conn.fetchrow(SQL.sum_items, plan)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    standing = await conn.fetch(SQL.list_standing, plan)
    return {**row, "was_travel_s": round(60 * way(standing, factor))}


def way(standing: Iterable[Row], factor: float) -> float:
    """Return the minutes of travel of rounds that are given visit by visit."""
    minutes, carer, place = 0.0, None, (0.0, 0.0)
    for one in standing:
        if one["caregiver_id"] != carer:
            carer, place = one["caregiver_id"], (one["from_lat"], one["from_lon"])
        minutes += travel_minutes(distance_km(*place, one["lat"], one["lon"]), one["speed_kmh"], factor)
        place = (one["lat"], one["lon"])
    return minutes


async def told(conn: Conn, plan: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the promises that a plan breaks and the visits that it left out, each with who is concerned."""
    broken, left_out = plan["broken"][:MOST_TOLD], plan["left_out"][:MOST_TOLD]
    lines = await named(conn, [*broken, *left_out])
    return {"broken": lines[: len(broken)], "left_out": lines[len(broken) :]}


async def named(conn: Conn, lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put the names of elders and caregivers beside codes and numbers."""
    given = [dict(one) for one in lines]
    visits = [found for one in given if (found := parse_id(str(one.get("visit_id"))))]
    people = [
        found
        for one in given
        for key, value in one.items()
        if _is_caregiver(key) and (found := parse_id(str(value)))
    ]
    if not visits and not people:
        return given
    known = {row["id"]: row for row in await conn.fetch(SQL.list_broken, visits, people)}
    return [_named(one, known) for one in given]


def _is_caregiver(key: str) -> bool:
    return key in ("caregiver_id", "to")


def _named(one: dict[str, Any], known: Mapping[UUID, Row]) -> dict[str, Any]:
    found = dict(one)
    visit, caregiver, to = (_row(one.get(key), known) for key in ("visit_id", "caregiver_id", "to"))
    if visit:
        found |= {"elder": visit["elder_name"], "service": visit["service"]}
    if caregiver:
        found["caregiver"] = caregiver["caregiver_name"]
    if to:
        found["to"] = to["caregiver_name"]
    return found


def _row(value: object, known: Mapping[UUID, Row]) -> Row | None:
    identity = parse_id(str(value))
    return known.get(identity) if identity else None
