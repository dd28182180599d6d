"""Answer times and arrivals: a month by its hours, operators, the worst cases; what is for nothing."""

from calendar import monthrange
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core import districts
from core.clock import at_local, local, local_date, month_after, month_of
from core.db import Row
from dashboards import words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.duty.week import day
from dashboards.web.pages import show
from dispatch.centre import answers, measures
from dispatch.centre.measures import Prices, Sums, cost, deserves_a_look, together

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("duty_manager", "admin", "auditor")]
Text = Annotated[str, Query(max_length=20)]
APART = ("joined", "lowered", "paused", "shelved", "tests", "by_hand", "gone")
HEADINGS = (
    (N_("Hour"), 18),
    (N_("Alarms"), 9),
    (N_("Answered"), 10),
    (N_("Within 60 s"), 12),
    (N_("Within 180 s"), 12),
    (N_("Longest, s"), 11),
    (N_("Sent"), 8),
    (N_("Arrived or awaited"), 14),
    (N_("On scene in 45 min"), 14),
    (N_("On scene in 60 min"), 14),
    (N_("False alarms"), 12),
)
BARS = {
    "share_60": measures.IN_60,
    "share_180": measures.IN_180,
    "share_45": measures.ON_SCENE_45,
    "share_60_min": measures.ON_SCENE_60,
}


def span(month: str, on: str, now: datetime) -> tuple[date, datetime, datetime, date | None]:
    """Return the month, from when to when, and the day if one is asked for."""
    chosen = day(on)
    first = month_of(chosen or day(f"{month}-01") or local_date(now))
    last = month_after(first)
    if chosen is not None:
        return first, at_local(chosen, "00:00"), at_local(chosen + timedelta(days=1), "00:00"), chosen
    return first, at_local(first, "00:00"), at_local(last, "00:00"), None


@router.get("/kpi")
async def kpi(request: Request, scope: Reader, month: Text = "", on: Text = "") -> Response:
    """Show a month, or a day of it."""
    first, since, until, chosen = span(month, on, scope.now)
    conn = scope.conn
    whole = (at_local(first, "00:00"), at_local(month_after(first), "00:00"))
    found = await answers.between(conn, *whole, scope.now)
    asked = found if chosen is None else await answers.between(conn, since, until, scope.now)
    total = together(one.sums for one in asked.hours)
    return show(
        request,
        scope,
        "duty/kpi.html",
        month=first,
        before=month_of(first - timedelta(days=1)),
        after=month_after(first),
        on=chosen,
        total=total,
        rates=[_rate(total, name) for name in BARS],
        apart=[(name, getattr(total, name)) for name in APART],
        heat=heat(found.hours, first),
        operators=[
            {"who": one, "rates": [_rate(one.sums, name) for name in BARS]} for one in asked.operators
        ],
        slowest=await answers.slowest(conn, since, until, scope.now),
        latest=await answers.latest(conn, since, until, scope.now),
        is_stale=await answers.is_stale(conn),
    )


def _rate(sums: Sums, name: str) -> dict[str, Any]:
    share = getattr(sums, name)
    return {"name": name, "share": share, "bar": BARS[name], "tone": measures.tone(share, BARS[name])}


def heat(hours: list[answers.Hour], first: date) -> list[dict[str, Any]]:
    """Return the days of a month, each with the sums of its 24 local hours and its own."""
    known: dict[tuple[date, int], Sums] = {}
    for one in hours:
        there = local(one.hour)
        known[there.date(), there.hour] = one.sums
    found = []
    for nth in range(monthrange(first.year, first.month)[1]):
        on = first + timedelta(days=nth)
        cells = [known.get((on, hour)) for hour in range(24)]
        total = together(one for one in cells if one)
        shown = [(one, measures.tone(one.share_60, measures.IN_60) if one else "none") for one in cells]
        found.append(
            {"on": on, "cells": shown, "total": total, "tone": measures.tone(total.share_60, measures.IN_60)}
        )
    return found


@router.get("/kpi/export.{kind}")
async def export(scope: Reader, kind: Literal["xlsx", "csv"], month: Text = "", on: Text = "") -> Response:
    """Answer with the sums of each hour as a file."""
    first, since, until, _ = span(month, on, scope.now)
    say = partial(words.say, scope.language)
    columns = [(say(name), width) for name, width in HEADINGS]
    names = (
        "cases",
        "answered",
        "in_60",
        "in_180",
        "longest",
        "sent",
        "scenes",
        "scene_45",
        "scene_60",
        "falses",
    )
    rows: list[list[sheets.Cell]] = [
        [one.hour, *(asdict(one.sums)[name] for name in names)]
        for one in (await answers.between(scope.conn, since, until, scope.now)).hours
    ]
    name = f"answers-{first:%Y-%m}"
    if kind == "csv":
        return sheets.download(sheets.table(columns, rows), name, "csv")
    about = (
        say(N_("About this file")),
        [(say(N_("Month")), f"{first:%Y-%m}"), (say(N_("Made at")), f"{local(scope.now):%Y-%m-%d %H:%M}")],
    )
    return sheets.download(sheets.workbook(say(N_("Answer times")), columns, rows, about), name, "xlsx")


@router.get("/false-alarms")
async def false_alarms(request: Request, scope: Reader, month: Text = "") -> Response:
    """Show what false alarms have cost, by kind of sensor, rule, sensor and home, and what to look at."""
    first, since, until, _ = span(month, "", scope.now)
    settings = await districts.settings(scope.conn, scope.person.district_id)
    prices = Prices(Decimal(str(settings.operator_minute_yuan)), Decimal(str(settings.sent_visit_yuan)))
    found = await answers.falses(scope.conn, since, until)
    tables = {name: [_priced(row, prices) for row in rows] for name, rows in found.items()}
    return show(
        request,
        scope,
        "duty/false_alarms.html",
        month=first,
        before=month_of(first - timedelta(days=1)),
        after=month_after(first),
        tables=tables,
        prices=prices,
        cases=sum(row["cases"] for row in tables["type"]),
        falses=sum(row["falses"] for row in tables["type"]),
        whole=sum((row["whole"] for row in tables["type"]), Decimal(0)),
        proposals=[row for row in tables["device"] if deserves_a_look(row["cases"], row["falses"])],
    )


def _priced(row: Row, prices: Prices) -> dict[str, Any]:
    whole, each = cost(row["falses"], row["busy_seconds"], row["visits"], prices)
    return {**row, "whole": whole, "each": each, "minutes": row["busy_seconds"] / 60}
