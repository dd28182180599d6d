"""A statement as a file: its claims and lines as they are paid, and how the file was made."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from core.clock import local
from core.db import Row
from dashboards import audited, words
from dashboards.auth import Scope
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from services import claims, exports
from services.settlement import checking

_PAGE = 1000
COLUMNS = (
    (N_("Date"), 12),
    (N_("Elder"), 16),
    (N_("Service"), 12),
    (N_("Amount"), 12),
    (N_("Subsidy"), 12),
    (N_("Person pays"), 12),
    (N_("The district pays"), 14),
    (N_("State"), 14),
    (N_("What stands against it"), 44),
    (N_("Why this amount"), 80),
    (N_("Claim"), 38),
)


async def give(scope: Scope, statement: Row) -> Response:
    """Answer with the statement as .xlsx; the export is on the audit log with the hash of its lines."""
    lines = await _all(scope, statement["id"])
    beside = await checking.lines(scope.conn, statement["id"])
    digest = exports.sha256(lines)
    detail: dict[str, object] = {"rows": len(lines) + len(beside), "sha256": digest}
    await audited.note(scope, "export", "statement", statement["id"], detail)
    columns = [(words.say(scope.language, heading), width) for heading, width in COLUMNS]
    cells = [_cells(scope, row) for row in lines] + [_line(scope, row) for row in beside]
    title = f"{statement['month']:%Y-%m}"
    about = _about(scope, statement, len(cells), digest)
    body = await asyncio.to_thread(sheets.workbook, title, columns, cells, about)
    return sheets.download(body, f"yinling-statement-{statement['month']:%Y-%m}", "xlsx")


async def _all(scope: Scope, statement: UUID) -> list[Row]:
    found: list[Row] = []
    page: list[Row] = []
    while not found or len(page) == _PAGE:
        after = found[-1]["id"] if found else None
        page = await claims.list_(scope.conn, statement_id=statement, after=after, limit=_PAGE)
        found += page
        if not page:
            break
    return found


def _cells(scope: Scope, row: Row) -> list[Any]:
    language = scope.language
    paid = row["subsidy"] if row["approved"] is None else row["approved"]
    against = "; ".join(words.word(language, "rejections", code) for code in row["rejections"])
    return [
        row["service_on"].isoformat(),
        row["elder_name"],
        words.word(language, "services", row["service"]),
        *(float(amount) for amount in (row["amount"], row["subsidy"], row["copay"], paid)),
        words.word(language, "claim_states", row["state"]),
        against,
        words.explain(language, row["explanation"]),
        str(row["id"]),
    ]


def _line(scope: Scope, row: Row) -> list[Any]:
    kind = words.word(scope.language, "line_kinds", row["kind"])
    said = words.explain(scope.language, row["explanation"])
    made = row["made_at"].date().isoformat()
    return [
        made,
        row["elder_name"],
        kind,
        None,
        None,
        None,
        float(row["amount"]),
        "",
        "",
        said,
        str(row["id"]),
    ]


def _about(scope: Scope, statement: Row, rows: int, digest: str) -> tuple[str, list[tuple[str, str]]]:
    def say(message: str) -> str:
        return words.say(scope.language, message)

    person = scope.person
    lines = [
        (say(N_("Provider")), statement["provider"]),
        (say(N_("Month")), f"{statement['month']:%Y-%m}"),
        (say(N_("State")), words.word(scope.language, "statement_states", statement["state"])),
        (say(N_("Rows")), str(rows)),
        (say(N_("Hash of the lines")), digest),
        (say(N_("By")), f"{person.name} ({words.word(scope.language, 'roles', person.role)})"),
        (say(N_("At")), local(scope.now).isoformat(" ", "seconds")),
    ]
    return say(N_("How it was made")), lines
