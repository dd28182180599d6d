"""What-ifs: begun from a scheme of the district or a file, followed while computed, read, taken along."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.db import Row
from core.errors import Invalid, Problem
from core.ids import parse_id
from dashboards import words
from dashboards.auth import Guarded, Scope, allow
from dashboards.web import sheets
from dashboards.web.pages import back, said, show, wrongs
from dashboards.web.report import drawing
from services import schemes
from services.whatif import runs

router = APIRouter(prefix="/desk/what-ifs", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Starter = Annotated[Scope, allow("clerk", "approver", "admin")]
Text = Annotated[str, Form(max_length=200_000)]
Part = Annotated[str, Query(max_length=20)]
STARTERS = ("clerk", "approver", "admin")
MONTHS = ("1", "3", "6", "12")
PAGE = 50
MOST_ROWS = 200_000
_SEEDS = 1 << 31
OPEN = ("waiting", "running")
UNSAID = {"scheme": "", "body": "", "months": "12", "population": "enrolled"}
COLUMNS = (("elder", 16), ("town", 20), ("grade", 12), ("paid", 14), ("would_pay", 14), ("change", 14))


@router.get("")
async def list_(request: Request, scope: Reader) -> Response:
    """Show what was tried, and the form to try another."""
    return await _list(request, scope, UNSAID)


@router.post("")
async def start(
    request: Request,
    scope: Starter,
    scheme: Text = "",
    body: Text = "",
    months: Text = "12",
    population: Text = "enrolled",
) -> Response:
    """Begin a what-if; its page follows it."""
    chosen = parse_id(scheme)
    given = {"scheme": scheme, "body": body, "months": months, "population": population}
    try:
        text = body if body.strip() or chosen is None else (await schemes.find(scope.conn, chosen))["body"]
        count = int(months) if months in MONTHS else 0
        what_if = await runs.start(
            scope.conn,
            text=text,
            months=count,
            population=population,
            seed=secrets.randbelow(_SEEDS),
            by=scope.person,
            now=scope.now,
        )
    except Problem as problem:
        return await _list(request, scope, given, problem)
    return back(request, f"/desk/what-ifs/{what_if}")


async def _list(
    request: Request, scope: Scope, given: Mapping[str, str], problem: Problem | None = None
) -> Response:
    return show(
        request,
        scope,
        "report/what_ifs.html",
        status=problem.status if problem else 200,
        what_ifs=await runs.list_(scope.conn),
        schemes=await schemes.list_(scope.conn, ("draft", "signed")),
        given=given,
        months=MONTHS,
        may_start=scope.person.role in STARTERS,
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


@router.get("/{what_if_id}")
async def one(request: Request, scope: Reader, what_if_id: UUID) -> Response:
    """Show how far it is, or what came out."""
    row = await runs.find(scope.conn, what_if_id)
    result = row["result"]
    towns = await runs.towns(scope.conn, [group["town"] for group in result["towns"]]) if result else {}
    return show(
        request,
        scope,
        "report/what_if.html",
        what_if=row,
        result=result,
        towns=towns,
        chart=_chart(scope, row) if result else None,
        may_stop=scope.person.role in STARTERS and row["state"] in OPEN,
    )


@router.get("/{what_if_id}/progress")
async def progress(request: Request, scope: Reader, what_if_id: UUID) -> Response:
    """Say how far it is; the page is fetched anew when it ended."""
    row = await runs.find(scope.conn, what_if_id)
    if row["state"] not in OPEN:
        return Response(status_code=204, headers={"HX-Redirect": f"/desk/what-ifs/{what_if_id}"})
    return show(request, scope, "report/progress.html", what_if=row)


@router.post("/{what_if_id}/stop")
async def stop(request: Request, scope: Starter, what_if_id: UUID) -> Response:
    """Stop it."""
    await runs.stop(scope.conn, what_if_id, scope.person, scope.now)
    return back(request, f"/desk/what-ifs/{what_if_id}")


@router.get("/{what_if_id}/persons")
async def persons(
    request: Request,
    scope: Reader,
    what_if_id: UUID,
    who: Part = "",
    town: Part = "",
    grade: Part = "",
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List who gains and who loses, the largest change first."""
    row = await runs.find(scope.conn, what_if_id)
    sign = {"gain": 1, "lose": -1}.get(who, 0)
    found = await runs.persons(
        scope.conn,
        what_if_id,
        sign=sign,
        town=town or None,
        grade=grade or None,
        skip=skip,
        limit=PAGE + 1,
    )
    wanted = {"who": who, "town": town, "grade": grade}
    following = skip + PAGE if len(found) > PAGE else None
    return show(
        request,
        scope,
        "report/persons.html",
        what_if=row,
        persons=[_person(each) for each in found[:PAGE]],
        wanted=wanted,
        next=following,
    )


@router.get("/{what_if_id}/export.xlsx")
async def export(scope: Reader, what_if_id: UUID) -> Response:
    """Give everybody's sums as a workbook, with what was asked."""
    row = await runs.find(scope.conn, what_if_id)
    found = await runs.persons(scope.conn, what_if_id, limit=MOST_ROWS)
    lines = [
        (
            each["name"],
            each["town_name"],
            words.word(scope.language, "grades", each["grade"]) if each["grade"] else "",
            float(each["was"]),
            float(each["would"]),
            float(each["change"]),
        )
        for each in map(_person, found)
    ]
    heads = [(_say(scope, key), width) for key, width in COLUMNS]
    about = (_say(scope, "about"), _about(scope, row))
    body = sheets.workbook(_say(scope, "title"), heads, lines, about)
    return sheets.download(body, f"what-if-{row['code']}-{row['version']}", "xlsx")


def _say(scope: Scope, key: str) -> str:
    return words.word(scope.language, "what_if_words", key)


def _about(scope: Scope, row: Row) -> list[tuple[str, str]]:
    total = (row["result"] or {}).get("total", {})
    span = f"{total.get('low', '')} - {total.get('high', '')}"
    return [
        (_say(scope, "scheme"), f"{row['name']} {row['code']} {row['version']}"),
        (_say(scope, "months"), f"{row['first_month']:%Y-%m} + {row['months']}"),
        (_say(scope, "counted"), words.word(scope.language, "populations", row["population"])),
        (_say(scope, "would_pay"), f"{total.get('would_pay', '')} ({span})"),
        (_say(scope, "paid"), str(total.get("paid", ""))),
        ("SHA-256", row["sha256"]),
        (_say(scope, "seed"), str(row["seed"])),
        (_say(scope, "by"), scope.person.name),
    ]


def _person(row: Row) -> dict[str, Any]:
    was, would = sum(row["paid"]), sum(row["would_pay"])
    return {**row, "was": f"{was / 100:.2f}", "would": f"{would / 100:.2f}"}


def _chart(scope: Scope, row: Row) -> dict[str, Any]:
    keys = ("paid", "would_pay", "low", "width", "description")
    return drawing.months(row["result"]["months"], {key: _say(scope, key) for key in keys})
