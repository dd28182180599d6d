"""The call centre's rota as it is looked at: a week of bars, with gaps in red, and as a file."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import local, local_date
from core.errors import Invalid, NotFound, Problem
from core.events import OPERATORS
from core.ids import parse_id
from dashboards import words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.duty.forms import as_form
from dashboards.web.pages import show, wrongs
from dashboards.web.roster.bars import DAYS, bars, heads
from dashboards.web.roster.pages import told_of
from dispatch.centre import rota, standing_in
from dispatch.centre import week as weeks
from dispatch.roster.working_time import monday_of

router = APIRouter(prefix="/duty", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow(*OPERATORS)]
Text = Annotated[str, Query(max_length=60)]
PLANNERS = ("duty_manager", "admin")
HEADINGS = (
    (N_("Name"), 16),
    (N_("Role"), 14),
    (N_("From"), 18),
    (N_("To"), 18),
    (N_("Hours"), 9),
    (N_("Instead of the rota"), 18),
)
BLANK = {"account": "", "role": "operator", "on": "", "starts": "08:00", "ends": "20:00"}
PATTERN = {"account": "", "role": "operator", "starts": "20:00", "ends": "08:00", "valid_to": ""}
ABSENT = {"absent": "", "instead": "", "reason": "sick", "from_at": "", "to_at": ""}


@router.get("/week")
async def week(
    request: Request,
    scope: Reader,
    week: Text = "",
    shift: Text = "",
    add: Text = "",
    on: Text = "",
    form: Text = "",
    done: Text = "",
) -> Response:
    """Show a week; `shift` opens that form, `add` or `form` the form of something new."""
    return await page(request, scope, week, opened=await _opened(scope, shift, add, on, form), done=done)


async def _opened(scope: Scope, shift: str, add: str, on: str, form: str) -> dict[str, Any] | None:
    today = str(local_date(scope.now))
    if scope.person.role not in PLANNERS:
        return None
    if shift:
        row = await rota.find(scope.conn, _id(shift))
        return {"kind": "shift", "shift": row, "given": as_form(row)}
    if add or form == "shift":
        return {"kind": "shift", "shift": None, "given": {**BLANK, "account": add, "on": on or today}}
    if form == "pattern":
        return {"kind": "pattern", "given": {**PATTERN, "valid_from": today}}
    if form == "override":
        return {"kind": "override", "given": {**ABSENT, "absent": add, "from_on": today, "to_on": today}}
    return None


async def page(
    request: Request,
    scope: Scope,
    asked: str,
    *,
    opened: dict[str, Any] | None = None,
    problem: Problem | None = None,
    done: str = "",
) -> Response:
    """Show a week, with a form that is open and what stood in its way."""
    today = local_date(scope.now)
    first = monday_of(day(asked) or today)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    found = await weeks.find(scope.conn, settings, first)
    return show(
        request,
        scope,
        "duty/week.html",
        status=problem.status if problem else 200,
        first=first,
        last=first + timedelta(days=DAYS - 1),
        days=heads(first, today, scope.language),
        before=first - timedelta(days=DAYS),
        after=first + timedelta(days=DAYS),
        lines=[_line(one, found) for one in found.lines],
        holes=_holes(found),
        found=found,
        patterns=await rota.patterns(scope.conn, today),
        swaps=await standing_in.swaps(scope.conn, None, scope.now, is_open=True),
        reasons=standing_in.REASONS,
        may_plan=scope.person.role in PLANNERS,
        opened=opened,
        failed=told_of(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
    )


def _line(line: weeks.Line, found: weeks.Week) -> dict[str, Any]:
    overtime = {one["id"] for one in found.shifts if one["agreed_by"]}
    return {
        "who": line.who,
        "bars": [(bar, bar.row["duty_shift_id"] in overtime) for bar in bars(line.held, found.first)],
        "aways": bars(line.away, found.first),
        "hours": line.hours,
        "limit": line.limit,
        "breaches": line.breaches,
    }


def _holes(found: weeks.Week) -> dict[str, list[Any]]:
    """Return the gaps of each role as bars of the week."""
    rows = [{**_as_row(one), "hole": one} for one in found.holes]
    return {
        role: bars([one for one in rows if one["hole"].role == role], found.first)
        for role in ("duty_manager", "operator")
    }


def _as_row(hole: Any) -> dict[str, Any]:  # noqa: ANN401 - a Hole
    return {"starts_at": hole.starts_at, "ends_at": hole.ends_at}


@router.get("/week.xlsx")
async def file(scope: Reader, week: Text = "") -> Response:
    """Answer with the week as a sheet: who is on duty when, and where somebody is missing."""
    first = monday_of(day(week) or local_date(scope.now))
    settings = await districts.settings(scope.conn, scope.person.district_id)
    found = await weeks.find(scope.conn, settings, first)
    say = partial(words.say, scope.language)
    columns = [(say(name), width) for name, width in HEADINGS]
    rows: list[list[sheets.Cell]] = [
        [
            line.who["name"],
            words.word(scope.language, "duty_roles", row["role"]),
            row["starts_at"],
            row["ends_at"],
            (row["ends_at"] - row["starts_at"]).total_seconds() / 3600,
            say(N_("yes")) if row["override_id"] else None,
        ]
        for line in found.lines
        for row in line.held
    ]
    missing = [
        [
            say(N_("Nobody")) if one.there == 0 else say(N_("Too few")),
            words.word(scope.language, "duty_roles", one.role),
            one.starts_at,
            one.ends_at,
            (one.ends_at - one.starts_at).total_seconds() / 3600,
            None,
        ]
        for one in found.holes
    ]
    about = (
        say(N_("About this file")),
        [(say(N_("Week from")), f"{first}"), (say(N_("Made at")), f"{local(scope.now):%Y-%m-%d %H:%M}")],
    )
    body = sheets.workbook(say(N_("Rota")), columns, [*rows, *missing], about)
    return sheets.download(body, f"duty-{first}", "xlsx")


def day(text: str) -> date | None:
    """Read a day of our time, None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None  # noqa: PLR2004 - what a calendar of ours can hold


def _id(text: str) -> UUID:
    found = parse_id(text)
    if found is None:
        raise NotFound("no duty shift of that id")
    return found
