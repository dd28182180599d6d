"""Half-year reports: live figures of a period, published ones, documents, and the list behind each figure."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.clock import local, local_date
from core.db import Row
from core.errors import Problem
from dashboards import words
from dashboards.auth import Guarded, Scope, allow
from dashboards.web import sheets
from dashboards.web.pages import back, said, show
from services.indicators import counting, definitions, documents, listing, reports
from services.indicators.definitions import Period
from services.indicators.documents import Paper

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Publisher = Annotated[Scope, allow("clerk", "approver")]
Code = Annotated[str, Query(max_length=60)]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PUBLISHERS = ("clerk", "approver")
PERIODS = 6
PAGE = 100
PLACES = {
    "elder": "/desk/elders/",
    "claim": "/desk/claims/",
    "order": "",
    "place": "",
    "complaint": "/desk/complaints/",
}
"""Where a listed thing has its page; empty or missing: it is named only."""


@router.get("/reports")
async def live(request: Request, scope: Reader, period: Code = "") -> Response:
    """Show a period's figures as they are now, and what was published."""
    return await _live(request, scope, _period(scope, period))


@router.post("/reports")
async def publish(
    request: Request, scope: Publisher, period: Annotated[str, Form(max_length=10)]
) -> Response:
    """Publish a period: its figures are frozen."""
    wanted = definitions.period(period)
    try:
        report = await reports.publish(scope.conn, wanted, scope.person, scope.now)
    except Problem as problem:
        return await _live(request, scope, wanted, problem)
    return back(request, f"/desk/reports/{report}")


async def _live(request: Request, scope: Scope, period: Period, problem: Problem | None = None) -> Response:
    rows = await counting.rows(scope.conn, period)
    return show(
        request,
        scope,
        "report/live.html",
        status=problem.status if problem else 200,
        period=period,
        periods=_periods(scope),
        groups=_groups(scope, rows),
        published=await reports.list_(scope.conn),
        may_publish=scope.person.role in PUBLISHERS and period.last < local_date(scope.now),
        failed=said(scope, problem) if problem else None,
    )


@router.get("/reports/live.docx")
async def live_docx(scope: Reader, period: Code = "") -> Response:
    """Give the live figures as a document, marked as a draft."""
    return await _live_file(scope, period, "docx")


@router.get("/reports/live.xlsx")
async def live_xlsx(scope: Reader, period: Code = "") -> Response:
    """Give the live figures as a workbook, marked as a draft."""
    return await _live_file(scope, period, "xlsx")


async def _live_file(scope: Scope, period: str, kind: str) -> Response:
    wanted = _period(scope, period)
    rows = await counting.rows(scope.conn, wanted)
    state = documents.words(scope.language)["draft"]
    return _file(scope, _paper(scope, wanted, rows, state, ""), kind)


@router.get("/reports/{report_id}")
async def one(request: Request, scope: Reader, report_id: UUID) -> Response:
    """Show a published report."""
    row = await reports.find(scope.conn, report_id)
    period = _of(row)
    return show(
        request,
        scope,
        "report/published.html",
        report=row,
        period=period,
        groups=_groups(scope, row["figures"]),
    )


@router.get("/reports/{report_id}/report.docx")
async def docx(scope: Reader, report_id: UUID) -> Response:
    """Give a published report as a document."""
    return await _published_file(scope, report_id, "docx")


@router.get("/reports/{report_id}/report.xlsx")
async def xlsx(scope: Reader, report_id: UUID) -> Response:
    """Give a published report as a workbook."""
    return await _published_file(scope, report_id, "xlsx")


async def _published_file(scope: Scope, report_id: UUID, kind: str) -> Response:
    row = await reports.find(scope.conn, report_id)
    state = documents.words(scope.language)["published"] % {"number": row["number"]}
    return _file(scope, _paper(scope, _of(row), row["figures"], state, row["sha256"]), kind)


@router.get("/figures")
async def figure(
    request: Request,
    scope: Reader,
    code: Code = "people_served",
    period: Code = "",
    split: Code = "",
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List what a figure counts."""
    wanted = _period(scope, period)
    rows = await listing.list_(scope.conn, code, split, wanted, skip=skip, limit=PAGE + 1)
    indicator = definitions.find(code)
    following = skip + PAGE if len(rows) > PAGE else None
    return show(
        request,
        scope,
        "report/figure.html",
        indicator=indicator,
        split=split
        and _name(scope, documents.SPLITS.get(indicator.split if indicator else "", "services"), split),
        split_code=split,
        period=wanted,
        rows=rows[:PAGE],
        places=PLACES,
        next=following,
    )


def _period(scope: Scope, code: str) -> Period:
    return definitions.period(code) if code else definitions.containing(local_date(scope.now))


def _periods(scope: Scope) -> list[str]:
    """Return the half-years to choose from, and the years that they make."""
    found = [definitions.containing(local_date(scope.now))]
    while len(found) < PERIODS:
        found.append(found[-1].before)
    years = sorted({one.code[:4] for one in found}, reverse=True)
    return [one.code for one in found] + years


def _of(row: Row) -> Period:
    first, last = row["first_on"], row["last_on"]
    half = definitions.containing(first)
    return half if half.last == last else definitions.period(str(first.year))


def _groups(scope: Scope, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the report's groups with their lines in words and the page behind each figure."""
    found = documents.lines(rows, scope.language, partial(_name, scope))
    codes = {(row["code"], row["split"]) for row in rows}
    said_ = documents.words(scope.language)
    groups = []
    pairs = zip((row for row in rows if definitions.find(row["code"])), found, strict=True)
    for group, members in groupby(pairs, key=lambda pair: pair[1].indicator.group):
        lines = [{"row": row, "line": line, "lists": bool(line.indicator.lists)} for row, line in members]
        groups.append({"code": group, "title": said_["groups"][group], "lines": lines, "all": len(codes)})
    return groups


def _name(scope: Scope, table: str, code: object) -> str:
    if code == "none":
        return words.word(scope.language, "what_if_words", "not_graded")
    return words.word(scope.language, table, code)


def _paper(scope: Scope, period: Period, rows: Sequence[Mapping[str, Any]], state: str, digest: str) -> Paper:
    made = f"{local(scope.now):%Y-%m-%d %H:%M} {scope.person.name}"
    return Paper(
        scope.person.district_name,
        period.code,
        _days(period.first, period.last),
        f"{period.before.code} ({_days(period.before.first, period.before.last)})",
        state,
        digest,
        made,
        rows,
    )


def _days(first: date, last: date) -> str:
    return f"{first.isoformat()} / {last.isoformat()}"


def _file(scope: Scope, paper: Paper, kind: str) -> Response:
    name = partial(_name, scope)
    if kind == "xlsx":
        return sheets.download(
            documents.workbook(paper, scope.language, name), f"report-{paper.period}", "xlsx"
        )
    headers = {
        "Content-Disposition": f'attachment; filename="report-{paper.period}.docx"',
        "Cache-Control": "no-store",
    }
    return Response(documents.word_file(paper, scope.language, name), media_type=DOCX, headers=headers)
