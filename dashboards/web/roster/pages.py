"""The roster as it is looked at: a week of bars, a month of lists."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import local, local_date, month_after, month_of
from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from core.ids import parse_id
from dashboards import employed, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dashboards.web.pages import said, show, wrongs
from dashboards.web.roster.bars import DAYS, bars, heads
from dashboards.web.roster.forms import as_form
from dispatch import providers
from dispatch.roster import board, editing, leaves, swaps
from dispatch.roster.working_time import monday_of

router = APIRouter(prefix="/roster", route_class=Guarded, include_in_schema=False)
Manager = Annotated[Scope, allow(*MANAGERS)]
Text = Annotated[str, Query(max_length=60)]
FEW = 20
BLANK = {"caregiver": "", "on": "", "starts": "08:00", "ends": "17:00", "break_minutes": "60"}
BLANK |= {"break_from": "11:30", "break_to": "13:30"}


@router.get("")
async def week(
    request: Request,
    scope: Manager,
    week: Text = "",
    provider: Text = "",
    shift: Text = "",
    add: Text = "",
    on: Text = "",
    form: Text = "",
    done: Text = "",
) -> Response:
    """Show a week; `shift` opens that form, `add` the form of a new one, `form=leave` that of leave."""
    opened: dict[str, Any] | None = None
    if shift:
        row = await employed.of(scope, await editing.find(scope.conn, _id(shift, "shift")), "shift")
        opened = {"shift": row, "given": as_form(row)}
    elif add or form == "shift":
        opened = {"shift": None, "given": {**BLANK, "caregiver": add, "on": on or str(_today(scope))}}
    elif form == "leave":
        whole = {"kind": "annual", "from_on": str(_today(scope)), "to_on": str(_today(scope))}
        opened = {"leave": True, "given": {"caregiver": "", "from_at": "", "to_at": "", **whole}}
    return await page(request, scope, week, provider, opened=opened, done=done)


async def page(
    request: Request,
    scope: Scope,
    week: str,
    provider: str,
    *,
    opened: dict[str, Any] | None = None,
    problem: Problem | None = None,
    done: str = "",
    left_out: list[dict[str, Any]] | None = None,
) -> Response:
    """Show a week, with a form that is open and what stood in its way."""
    first, today = monday_of(_day(week) or _today(scope)), _today(scope)
    chosen, known = await whose_provider(scope, provider)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    found = await board.find(scope.conn, settings, chosen, first, DAYS, today)
    return show(
        request,
        scope,
        "roster/week.html",
        status=problem.status if problem else 200,
        first=first,
        last=first + timedelta(days=DAYS - 1),
        days=heads(first, today, scope.language),
        before=first - timedelta(days=DAYS),
        after=first + timedelta(days=DAYS),
        board=found,
        lines=[_line(line, first) for line in found.lines],
        providers=known,
        provider=chosen,
        **await _waiting(scope, chosen),
        opened=opened,
        failed=told_of(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
        left_out=left_out or [],
    )


async def _waiting(scope: Scope, provider: UUID | None) -> dict[str, list[Row]]:
    """Return the leave that is asked for and the swaps under way."""
    about = {"provider_id": provider, "limit": FEW, "is_open": True}
    return {
        "asked": await leaves.list_(scope.conn, **about),  # type: ignore[arg-type]
        "swaps": await swaps.list_(scope.conn, **about),  # type: ignore[arg-type]
    }


def _line(line: board.Line, first: date) -> dict[str, Any]:
    return {
        "who": line.caregiver,
        "bars": bars(line.shifts, first),
        "aways": bars(line.leaves, first),
        "hours": line.hours,
        "limit": line.limit,
        "breaches": line.breaches,
    }


def told_of(scope: Scope, problem: Problem) -> dict[str, Any]:
    """Put what stands in the way into words: the problem, each broken rule, each lost visit."""
    extra: dict[str, Any] = dict(problem.extra)
    told = said(scope, problem)
    told["breaches"] = words.sentences(scope.language, "breaches", extra.get("breaches", []))
    told["visits"] = extra.get("visits", [])
    told["more"] = max(0, int(extra.get("count", 0)) - len(told["visits"]))
    told["may_agree"] = isinstance(problem, Conflict) and problem.code in {"working_time", "visits_lost"}
    return told


async def whose_provider(scope: Scope, asked: str) -> tuple[UUID | None, list[Row]]:
    """Return the provider of the page, and those that one may choose from."""
    if scope.person.role == "provider_manager":
        return await employed.provider(scope, None), []
    known = await providers.list_(scope.conn, limit=200)
    chosen = parse_id(asked) if asked else (known[0]["id"] if known else None)
    if asked and chosen not in {one["id"] for one in known}:
        raise NotFound(f"no provider {asked}")
    return chosen, known


@router.get("/month")
async def month(request: Request, scope: Manager, month: Text = "", provider: Text = "") -> Response:
    """Show a month day by day: who works, who is away, which days are holidays."""
    first = month_of(_day(f"{month}-01") or _today(scope))
    days = monthrange(first.year, first.month)[1]
    chosen, known = await whose_provider(scope, provider)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    found = await board.find(scope.conn, settings, chosen, first, days, _today(scope))
    return show(
        request,
        scope,
        "roster/month.html",
        first=first,
        before=month_of(first - timedelta(days=1)),
        after=month_after(first),
        days=[_month_day(scope, found, first + timedelta(days=nth)) for nth in range(days)],
        providers=known,
        provider=chosen,
        people=len(found.lines),
    )


def _month_day(scope: Scope, found: board.Board, on: date) -> dict[str, Any]:
    (head,) = heads(on, _today(scope), scope.language)[:1]
    shifts = [
        {"who": line.caregiver["name"], **row}
        for line in found.lines
        for row in line.shifts
        if local_date(row["starts_at"]) == on
    ]
    away = [
        {"who": line.caregiver["name"], **row}
        for line in found.lines
        for row in line.leaves
        if local_date(row["starts_at"]) <= on <= local(row["ends_at"] - timedelta(minutes=1)).date()
    ]
    broken = [one for line in found.lines for one in line.breaches if one["on"] == on.isoformat()]
    return {
        "head": head,
        "shifts": sorted(shifts, key=lambda one: one["starts_at"]),
        "away": away,
        "broken": len(broken),
    }


def _today(scope: Scope) -> date:
    return local_date(scope.now)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None  # noqa: PLR2004 - what a calendar of ours can hold


def _id(text: str, noun: str) -> UUID:
    found = parse_id(text)
    if found is None:
        raise NotFound(f"no {noun} of that id")
    return found
