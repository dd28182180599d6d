"""The desk, places: a list, a map with the quarter of an hour's circle, who lies outside, the form."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import local_date
from core.db import Row
from core.errors import Invalid, Problem
from core.sql import load
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.web import sheets
from dashboards.web.care import forms, reachmap
from dashboards.web.pages import back, show, wrongs
from dispatch import providers
from dispatch.places import circles, places
from dispatch.places.circles import Reach
from dispatch.places.places import NewPlace

SQL = load(__file__)
router = APIRouter(prefix="/desk/places", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "operator", "duty_manager", "admin")]
Writer = Annotated[Scope, allow("clerk", "admin")]
Kinds = Annotated[list[str], Query(max_length=4)]
SHOWN = 100
DAYS = ("1", "2", "3", "4", "5", "6", "7")


@router.get("")
async def list_(request: Request, scope: Reader, kind: Kinds = ["meal_point"]) -> Response:  # noqa: B006 - FastAPI copies
    """List places, draw their circles, and name who lives outside the chosen kinds."""
    kinds = [one for one in kind if one in places.KINDS] or ["meal_point"]
    found, settings = await _reaches(scope, kinds)
    every = await places.list_(scope.conn, on=local_date(scope.now), limit=200)
    radius = circles.radius_m(settings.circle_minutes, settings.walk_kmh, settings.travel_factor)
    far = [(row, one) for row, one in found if not one.is_inside]
    chosen = [row for row in every if row["kind"] in kinds]
    return show(
        request,
        scope,
        "care/places.html",
        places=every,
        names={row["id"]: row["name"] for row in every},
        kinds=places.KINDS,
        chosen=kinds,
        drawn=reachmap.draw(chosen, [(row, one.is_inside) for row, one in found], radius),
        outside=far[:SHOWN],
        counts={"outside": len(far), "people": len(found), "metres": round(radius)},
        minutes=settings.circle_minutes,
        may_write=scope.person.role in {"clerk", "admin"},
    )


async def _reaches(
    scope: Scope, kinds: list[str]
) -> tuple[list[tuple[Row, Reach]], districts.DistrictSettings]:
    district = scope.person.district_id
    found = await places.reaches(scope.conn, district, kinds, local_date(scope.now))
    return found, await districts.settings(scope.conn, district)


@router.get("/outside.{kind}")
async def export(scope: Reader, kind: str, of: Kinds = ["meal_point"]) -> Response:  # noqa: B006 - FastAPI copies
    """Give the list of who lives outside as a file."""
    kinds = [one for one in of if one in places.KINDS] or ["meal_point"]
    found, settings = await _reaches(scope, kinds)
    names = {row["id"]: row["name"] for row in await places.list_(scope.conn, limit=200)}
    language = scope.language

    def say(text: str) -> str:
        return words.say(language, text)

    columns = [(say(title), width) for title, width in reachmap.COLUMNS]
    rows = [
        (
            row["name"],
            row["region_name"] or "",
            names.get(one.nearest, "") if one.nearest else "",
            round(one.metres) if one.nearest else None,
            round(one.minutes) if one.nearest else None,
        )
        for row, one in found
        if not one.is_inside
    ]
    await audited.note(scope, "export", "place", None, {"rows": len(rows)})
    if kind == "csv":
        return sheets.download(sheets.table(columns, rows), "outside", "csv")
    said = ", ".join(words.word(language, "place_kinds", one) for one in kinds)
    about = (
        say(reachmap.ABOUT),
        [(say(reachmap.OF), said), (say(reachmap.MINUTES), f"{settings.circle_minutes:g}")],
    )
    return sheets.download(sheets.workbook(say(reachmap.ABOUT), columns, rows, about), "outside", "xlsx")


@router.get("/new")
async def blank(request: Request, scope: Writer) -> Response:
    """Show the empty form."""
    return await _form(request, scope, None, {}, None)


@router.get("/{place_id}")
async def one(request: Request, scope: Writer, place_id: UUID) -> Response:
    """Show the form of a place."""
    row = await places.find(scope.conn, place_id)
    given: dict[str, Any] = {name: value for name, value in row.items() if value is not None}
    for day, spans in row["hours"].items():
        given[f"hours.{day}"] = " ".join(f"{start}-{end}" for start, end in spans)
    return await _form(request, scope, row, given, None)


@router.post("")
async def create(request: Request, scope: Writer) -> Response:
    """Make a place."""
    return await _keep(request, scope, None)


@router.post("/{place_id}")
async def change(request: Request, scope: Writer, place_id: UUID) -> Response:
    """Change a place."""
    return await _keep(request, scope, await places.find(scope.conn, place_id))


async def _keep(request: Request, scope: Scope, row: Row | None) -> Response:
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            new = _read(sent, local_date(scope.now))
            if row is None:
                await places.create(scope.conn, scope.person.district_id, new, scope.now)
            else:
                await places.change(scope.conn, row["id"], new)
    except Invalid as problem:
        return await _form(request, scope, row, dict(sent), problem)
    return back(request, f"/desk/places?kind={new.kind}")


def _read(sent: Any, today: date) -> NewPlace:  # noqa: ANN401 - a form
    hours = {day: forms.text(sent, f"hours.{day}", 60) for day in DAYS}
    return NewPlace(
        kind=forms.text(sent, "kind"),
        tier=forms.text(sent, "tier") or None,
        name=forms.text(sent, "name", 200),
        lat=_degrees(sent, "lat", 90),
        lon=_degrees(sent, "lon", 180),
        capacity=forms.number(sent, "capacity") or 0,
        hours={day: [span.split("-") for span in text.split()] for day, text in hours.items() if text},
        has_kitchen=bool(sent.get("has_kitchen")),
        provider_id=forms.identity(forms.text(sent, "provider_id")),
        parent_id=forms.identity(forms.text(sent, "parent_id")),
        region_code=forms.text(sent, "region_code", 12) or None,
        address=forms.text(sent, "address", 200),
        phone=forms.text(sent, "phone", 30),
        opened_on=forms.day(sent, "opened_on") or today,
        closed_on=forms.day(sent, "closed_on"),
    )


def _degrees(sent: Any, name: str, most: float) -> float:  # noqa: ANN401 - a form
    try:
        value = float(forms.text(sent, name, 20))
    except ValueError as error:
        raise Invalid(f"{name}: no number", [{"field": name, "code": "number"}]) from error
    if not -most <= value <= most:
        raise Invalid(f"{name}: out of range", [{"field": name, "code": "range"}])
    return value


async def _form(
    request: Request, scope: Scope, row: Row | None, given: dict[str, Any], problem: Problem | None
) -> Response:
    centres = await places.list_(scope.conn, kind="centre", limit=200)
    return show(
        request,
        scope,
        "care/place.html",
        status=problem.status if problem else 200,
        place=row,
        given=given,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        kinds=places.KINDS,
        tiers=places.TIERS,
        days=DAYS,
        centres=[one for one in centres if row is None or one["id"] != row["id"]],
        providers=await providers.list_(scope.conn),
        regions=await scope.conn.fetch(SQL.list_regions, scope.person.district_code),
        today=local_date(scope.now),
    )
