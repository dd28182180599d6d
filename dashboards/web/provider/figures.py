"""A week in figures: paid, with elders, on the way, idle; who knows whom; as a page and as a file."""

import asyncio
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import at_local, local, local_date
from core.sql import load
from dashboards import audited, words
from dashboards.auth import Guarded, Scope
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.pages import show
from dashboards.web.plan.pages import MOST_DAYS
from dashboards.web.provider import board, workload
from dashboards.web.provider.pages import Reader, whose

SQL = load(__file__)
router = APIRouter(prefix="/provider/figures", route_class=Guarded, include_in_schema=False)
Word = Annotated[str, Query(max_length=60)]
WEEK = timedelta(days=7)
COLUMNS = (
    (N_("Caregiver"), 16, "name"),
    (N_("Provider"), 24, "provider_name"),
    (N_("Paid hours"), 12, "paid_min"),
    (N_("Hours with elders"), 14, "visit_min"),
    (N_("Hours on the way"), 14, "travel_min"),
    (N_("Idle hours"), 12, "idle_min"),
    (N_("Hours beyond the shift"), 16, "over_min"),
    (N_("With elders, per cent of paid"), 16, "used"),
    (N_("Kilometres"), 12, "km"),
    (N_("Visits"), 10, "visits"),
    (N_("Done"), 10, "finished"),
    (N_("Begun late"), 12, "late"),
    (N_("Elders"), 10, "elders"),
    (N_("At elders they know, per cent"), 18, "known_share"),
)


def week_in(scope: Scope, text: str) -> date:
    """Return the Monday of the week asked for, this week's by default."""
    today = local_date(scope.now)
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        wanted = today
    wanted = wanted if abs(wanted - today) <= MOST_DAYS else today
    return wanted - timedelta(days=wanted.weekday())


async def read(scope: Scope, provider: UUID | None, monday: date) -> list[dict[str, Any]]:
    """Return every caregiver's week."""
    since = at_local(monday, "00:00")
    settings = await districts.settings(scope.conn, scope.person.district_id)
    rows = await scope.conn.fetch(SQL.list_week, provider, since, since + WEEK, settings.travel_factor)
    return [workload.figured(row) for row in rows]


@router.get("")
async def page(request: Request, scope: Reader, week: Word = "", provider: Word = "") -> Response:
    """Show a week in figures."""
    monday, whom = week_in(scope, week), whose(scope, provider)
    since, rows = at_local(monday, "00:00"), await read(scope, whom, monday)
    return show(
        request,
        scope,
        "provider/figures.html",
        rows=rows,
        total=workload.total(rows),
        faces=await scope.conn.fetchrow(SQL.list_faces, whom, since, since + WEEK),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - WEEK,
        after=monday + WEEK,
        provider=whom,
        providers=[] if scope.person.role == "provider_manager" else await board.providers(scope.conn),
    )


@router.get(".{kind}")
async def export(
    scope: Reader, kind: Literal["xlsx", "csv"], week: Word = "", provider: Word = ""
) -> Response:
    """Give a week's figures as a file."""
    monday, whom = week_in(scope, week), whose(scope, provider)
    rows = await read(scope, whom, monday)
    await audited.note(scope, "export", "workload", whom, {"rows": len(rows), "week": monday.isoformat()})
    columns = [(words.say(scope.language, heading), width) for heading, width, _ in COLUMNS]
    cells = [[_cell(row, name) for _, _, name in COLUMNS] for row in rows]
    if kind == "csv":
        return sheets.download(sheets.table(columns, cells), f"yinling-week-{monday}", "csv")
    title = words.say(scope.language, N_("Week in figures"))
    body = await asyncio.to_thread(sheets.workbook, title, columns, cells, _about(scope, monday, len(rows)))
    return sheets.download(body, f"yinling-week-{monday}", "xlsx")


def _cell(row: dict[str, Any], name: str) -> sheets.Cell:
    value: sheets.Cell = row[name]
    if isinstance(value, float):
        return round(value / 60, 2) if name.endswith("_min") else round(value, 1)
    return value


def _about(scope: Scope, monday: date, count: int) -> tuple[str, list[tuple[str, str]]]:
    def say(message: str) -> str:
        return words.say(scope.language, message)

    person = scope.person
    lines = [
        (say(N_("District")), f"{person.district_name} {person.district_code}"),
        (say(N_("Week from")), monday.isoformat()),
        (say(N_("Rows")), str(count)),
        (say(N_("By")), f"{person.name} ({words.word(scope.language, 'roles', person.role)})"),
        (say(N_("At")), local(scope.now).isoformat(" ", "seconds")),
    ]
    return say(N_("How it was made")), lines
