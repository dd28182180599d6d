"""The technical queue as a list: filter, acknowledge many at once, take it along as a file."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from dashboards import words
from dashboards.auth import Guarded
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.console import queue
from dashboards.web.console.incidents import record
from dashboards.web.console.pages import Code, Operator
from dashboards.web.pages import back, show
from dispatch import incidents, technical
from dispatch.technical import Filter

router = APIRouter(prefix="/console/technical", route_class=Guarded, include_in_schema=False)
Word = Annotated[str, Query(max_length=40)]
MOST = 10_000
MANY = 1000
COLUMNS = (
    (N_("What"), 18),
    (N_("Severity"), 12),
    (N_("Device"), 18),
    (N_("Name"), 24),
    (N_("Elder"), 14),
    (N_("Community"), 22),
    (N_("Since"), 18),
    (N_("Last alarm"), 18),
    (N_("Over since"), 18),
    (N_("State"), 12),
    (N_("Who has it"), 16),
    (N_("Alarms"), 9),
)


def _filter(type_: str, region: str, state: str) -> Filter:
    return Filter(type_ or None, region or None, state or None)


@router.get("/list")
async def list_(
    request: Request,
    scope: Operator,
    type_: Annotated[str, Query(alias="type", max_length=40)] = "",
    region: Word = "",
    state: Word = "",
) -> Response:
    """Show what is wrong with devices, by type, community and state."""
    wanted = _filter(type_, region, state)
    rows = await technical.list_(scope.conn, wanted)
    types, regions = await technical.facets(scope.conn)
    return show(
        request,
        scope,
        "console/technical.html",
        cases=rows,
        wanted=wanted,
        types=types,
        regions=regions,
        states=technical.STATES,
        head=await queue.head(scope.conn),
    )


@router.post("/acknowledge")
async def acknowledge(
    request: Request,
    scope: Operator,
    case_id: Annotated[list[UUID], Form(max_length=MANY)] = [],  # noqa: B006 - FastAPI copies it
    type_: Annotated[str, Form(alias="type", max_length=40)] = "",
    region: Code = "",
    state: Code = "",
) -> Response:
    """Claim what is ticked and nobody has."""
    await incidents.acknowledge(scope.conn, case_id, scope.person, scope.now)
    query = urlencode({"type": type_, "region": region, "state": state})
    return back(request, f"/console/technical/list?{query}")


@router.get("/export.xlsx")
async def export(
    scope: Operator,
    type_: Annotated[str, Query(alias="type", max_length=40)] = "",
    region: Word = "",
    state: Word = "",
) -> Response:
    """Give what passes the filters as a file; that is on record."""
    rows = await technical.list_(scope.conn, _filter(type_, region, state), MOST)
    await record(scope, None, len(rows))
    language = scope.language
    lines = [
        (
            words.word(language, "alarms", one["type"]),
            words.word(language, "severities", one["severity"]),
            words.word(language, "thing_models", one["device_model"]),
            one["device_name"],
            one["elder_name"],
            one["community"],
            one["opened_at"],
            one["last_alarm_at"],
            one["restored_at"],
            words.word(language, "case_states", one["state"]),
            one["claimed_by_name"],
            one["alarms"],
        )
        for one in rows
    ]
    columns = [(words.say(language, heading), width) for heading, width in COLUMNS]
    about = [(words.say(language, N_("By")), scope.person.name)]
    title = words.say(language, N_("Technical queue"))
    body = sheets.workbook(title, columns, lines, (words.say(language, N_("About")), about))
    return sheets.download(body, "technical-queue", "xlsx")
