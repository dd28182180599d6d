"""What was bought: totals, groups and the claims behind them, each view as a workbook too."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local, local_date
from core.db import Row
from core.ids import parse_id
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.audit import drawing, wanted
from dashboards.web.audit.wanted import View
from dashboards.web.pages import show
from dispatch.service_items import ITEMS
from services import purchases
from services.purchases import BY

router = APIRouter(prefix="/audit", route_class=Guarded, include_in_schema=False)
STAFF = ("clerk", "auditor", "approver")
Staff = Annotated[Scope, allow(*STAFF)]
Kind = Literal["xlsx", "csv"]
PAGE, MOST = 50, 20_000
GRADES = ("intact", "mild", "moderate", "severe", "total")
_TABLES = {"service": "services", "grade": "grades"}
_MONEY = ("amount", "subsidy", "copay", "approved")
_COLUMNS = (
    (N_("Group"), 34),
    (N_("Visits"), 10),
    (N_("Units"), 12),
    (N_("Amount"), 16),
    (N_("Subsidy"), 16),
    (N_("Person pays"), 16),
    (N_("Approved"), 16),
    (N_("With doubts"), 12),
)
_CLAIM_COLUMNS = (
    (N_("Date"), 12),
    (N_("Elder"), 16),
    (N_("Town"), 18),
    (N_("Provider"), 30),
    (N_("Service"), 10),
    (N_("Grade"), 12),
    (N_("Units"), 8),
    (N_("Amount"), 12),
    (N_("Subsidy"), 12),
    (N_("Person pays"), 12),
    (N_("Approved"), 12),
    (N_("Doubts"), 24),
    (N_("Claim"), 38),
    (N_("Visit"), 38),
)


def view_of(request: Request, scope: Scope) -> View:
    """Return what the address asks for."""
    return wanted.read(request.query_params, local_date(scope.now))


def label(scope: Scope, by: str, row: Row) -> str:
    """Name a group in the reader's words."""
    if row["name"]:
        return str(row["name"])
    if not row["key"]:
        return words.say(scope.language, N_("None recorded"))
    return words.word(scope.language, _TABLES[by], row["key"]) if by in _TABLES else str(row["key"])


@router.get("/purchases")
async def show_purchases(request: Request, scope: Staff) -> Response:
    """Show what a filter adds up to, group by group, each leading one step deeper."""
    view = view_of(request, scope)
    found = await purchases.grouped(scope.conn, view.filter, view.by)
    rows: list[dict[str, Any]] = [
        {**row, "label": label(scope, view.by, row), "href": view.into(row["key"])} for row in found
    ]
    said = {
        "subsidy": words.say(scope.language, N_("Subsidy")),
        "copay": words.say(scope.language, N_("Person pays")),
        "description": words.say(scope.language, N_("Amounts by group; the table beneath has the figures.")),
    }
    return show(
        request,
        scope,
        "audit/purchases.html",
        view=view,
        rows=rows,
        total=await purchases.total(scope.conn, view.filter),
        chart=drawing.bars(rows, said) if rows else None,
        by=BY,
        **await _choices(scope, view),
    )


@router.get("/claims")
async def show_claims(request: Request, scope: Staff, after: str = "") -> Response:
    """Show the claims behind a total."""
    view = view_of(request, scope)
    rows = await purchases.list_(scope.conn, view.filter, parse_id(after) if after else None, PAGE + 1)
    more = str(rows[PAGE - 1]["id"]) if len(rows) > PAGE else None
    return show(
        request,
        scope,
        "audit/claims.html",
        view=view,
        claims=rows[:PAGE],
        total=await purchases.total(scope.conn, view.filter),
        next=view.address("/audit/claims", after=more) if more else None,
        **await _choices(scope, view),
    )


@router.get("/purchases.{kind}")
async def export_purchases(request: Request, scope: Staff, kind: Kind) -> Response:
    """Give the groups as a file, with the filter, who made it and a hash; on the audit log."""
    view = view_of(request, scope)
    found = await purchases.grouped(scope.conn, view.filter, view.by)
    rows = [
        (
            label(scope, view.by, row),
            row["claims"],
            *_figures(row, ("units", *_MONEY)),
            row["flagged"],
        )
        for row in found
    ]
    return await _file(scope, view, kind, ("purchases", N_("What was bought")), _COLUMNS, rows)


@router.get("/claims.{kind}")
async def export_claims(request: Request, scope: Staff, kind: Kind) -> Response:
    """Give the claims behind a total as a file, at most MOST lines; on the audit log."""
    view, rows, after = view_of(request, scope), list[tuple[Any, ...]](), None
    while len(rows) < MOST:
        page = await purchases.list_(scope.conn, view.filter, after, 2000)
        rows += [_claim(scope, row) for row in page]
        if len(page) < 2000:  # noqa: PLR2004 - a page
            break
        after = page[-1]["id"]
    return await _file(scope, view, kind, ("claims", N_("Claims")), _CLAIM_COLUMNS, rows)


def _claim(scope: Scope, row: Row) -> tuple[Any, ...]:
    word = words.word
    return (
        row["service_on"].isoformat(),
        row["elder_name"],
        row["town"],
        row["provider"],
        word(scope.language, "services", row["service"]),
        word(scope.language, "grades", row["grade"]),
        *_figures(row, ("units", *_MONEY)),
        "; ".join(word(scope.language, "flags", flag) for flag in row["flags"]),
        str(row["id"]),
        str(row["visit_id"]),
    )


def _figures(row: Row, names: Iterable[str]) -> list[float]:
    return [float(row[name]) for name in names]


async def _file(
    scope: Scope,
    view: View,
    kind: Kind,
    named: tuple[str, str],
    columns: Sequence[tuple[str, int]],
    rows: Sequence[tuple[Any, ...]],
) -> Response:
    """Write a file, say on its second sheet how it was made, and put it on the audit log."""
    name, title = named
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n")
    say = words.say
    asked = ", ".join(f"{key} {value}" for key, value in (view.query | {"by": view.by}).items())
    about = [
        (say(scope.language, N_("Filter")), asked),
        (say(scope.language, N_("Made by")), scope.person.name),
        (say(scope.language, N_("Made at")), local(scope.now).isoformat(timespec="seconds")),
        (say(scope.language, N_("Lines")), str(len(rows))),
        ("SHA-256", digest.hexdigest()),
    ]
    detail: dict[str, object] = {"view": name, "rows": len(rows), "sha256": digest.hexdigest()}
    await audited.note(scope, "export", "purchases", None, detail | view.query)
    head = [(say(scope.language, text), width) for text, width in columns]
    made = (say(scope.language, N_("How it was made")), about)
    if kind == "csv":
        return sheets.download(sheets.table(head, rows), f"yinling-{name}", kind)
    return sheets.download(
        sheets.workbook(say(scope.language, title), head, rows, made), f"yinling-{name}", kind
    )


async def _choices(scope: Scope, view: View) -> dict[str, Any]:
    """Return what the filter's fields offer, and the filter that is set in words."""
    found = await purchases.choices(scope.conn)
    offered: dict[str, list[tuple[str, str]]] = {
        kind: [(row["key"], row["name"] or row["key"]) for row in found if row["kind"] == kind]
        for kind in ("town", "provider", "scheme")
    }
    for kind, codes in (("service", tuple(ITEMS)), ("grade", GRADES)):
        offered[kind] = [(code, words.word(scope.language, _TABLES[kind], code)) for code in codes]
    named: list[dict[str, str]] = []
    for name, value in view.query.items():
        if name in offered:
            said = dict(offered[name]).get(value) or words.say(scope.language, N_("None recorded"))
            named.append({"name": name, "says": said, "without": view.address("", view.by, **{name: ""})})
    return {"offered": offered, "named": named}
