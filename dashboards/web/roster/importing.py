"""Lists as sheets: a template, a preview with every mistake by row and column, then all of it or nothing."""

import asyncio
import io
import json
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID
from zipfile import ZipFile

from fastapi import APIRouter, Query, Request, UploadFile
from fastapi.responses import Response
from openpyxl import load_workbook
from xlsxwriter import Workbook

from core.errors import NotFound
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dashboards.i18n import LANGUAGES
from dashboards.web.pages import back, show
from dashboards.web.roster.acting import given_of
from dashboards.web.roster.pages import whose_provider
from dashboards.web.sheets import XLSX
from dispatch.roster import importing, sheets
from dispatch.roster.importing import Into
from dispatch.roster.sheets import COLUMNS, MOST_ROWS, Record, Wrong

router = APIRouter(prefix="/roster/import", route_class=Guarded, include_in_schema=False)
Manager = Annotated[Scope, allow(*MANAGERS)]
Text = Annotated[str, Query(max_length=60)]
Cells = list[list[str]]
_LARGEST = 1_900_000
_LARGEST_UNPACKED = 16 * 1024 * 1024
_MOST_COLUMNS = 20
_TOLD = 200
_TABLES = ("genders", "skills", "languages", "vehicles", "wish_kinds", "services", "sheet_columns")
_EXAMPLES: dict[str, tuple[str, ...]] = {
    "caregivers": ("1001", "", "female", "", "care", "zh", "ebike", "37.886", "118.526"),
    "shifts": ("1001", "2026-11-23", "08:00", "17:00", "11:30", "13:30", "60"),
    "certificates": ("1001", "medical", "", "2026-01-01", "2028-12-31"),
    "wishes": ("", "prefer", "1001", "", ""),
    "coverage": ("bath", "370503", "60", "20", "2026-01-01", ""),
}
_TABLE_OF = {"gender": "genders", "skills": "skills", "skill": "skills", "languages": "languages"}
_TABLE_OF |= {"vehicle": "vehicles", "kind": "wish_kinds", "service": "services"}


class _Undo(Exception):  # noqa: N818 - it is no error: a preview is taken back
    """The preview is over."""


def kinds(scope: Scope) -> list[str]:
    """Return what lists a person may bring: coverage is the office's."""
    return [kind for kind in COLUMNS if kind != "coverage" or scope.person.role != "provider_manager"]


@router.get("")
async def page(request: Request, scope: Manager, provider: Text = "", done: Text = "") -> Response:
    """Show what can be imported."""
    return await _page(request, scope, provider, done=done)


@router.get("/{noun}.xlsx")
async def template(scope: Manager, noun: str) -> Response:
    """Give a sheet to fill in, with an example."""
    if noun not in kinds(scope):
        raise NotFound("no such list")
    content = await asyncio.to_thread(_template, scope.language, noun)
    headers = {"Content-Disposition": f'attachment; filename="{noun}.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)


@router.post("")
async def preview(request: Request, scope: Manager, sheet: UploadFile) -> Response:
    """Read a sheet and try it, without keeping anything: every mistake, or what would be imported."""
    given = await given_of(request)
    content = await sheet.read(_LARGEST + 1)
    cells = await asyncio.to_thread(_cells, content)
    if cells is None:
        wrong = [Wrong(1, COLUMNS[_kind(scope, given)][0].name, "no_sheet")]
        return await _page(request, scope, given.get("provider", ""), wrong=wrong, kind=given["kind"])
    return await _try(request, scope, given, cells, is_kept=False)


@router.post("/confirm")
async def confirm(request: Request, scope: Manager) -> Response:
    """Import what was looked at; it is tried again, and kept if nothing has come in its way."""
    given = await given_of(request)
    try:
        cells = [[str(cell) for cell in row] for row in json.loads(given.get("rows", ""))][: MOST_ROWS + 2]
    except (ValueError, TypeError) as error:
        raise NotFound("no list") from error
    return await _try(request, scope, given, cells, is_kept=True)


async def _try(
    request: Request, scope: Scope, given: dict[str, str], cells: Cells, *, is_kept: bool
) -> Response:
    kind, chosen = _kind(scope, given), (await whose_provider(scope, given.get("provider", "")))[0]
    if chosen is None:
        raise NotFound("no provider")
    records, wrong = sheets.read(kind, cells[0] if cells else [], cells[1:], _words())
    changed = 0
    if not wrong:
        changed, wrong = await _put(scope, chosen, kind, records, is_kept=is_kept)
    if wrong or not is_kept:
        ready = None if wrong else {"rows": json.dumps(cells), "records": records, "changed": changed}
        return await _page(request, scope, str(chosen), wrong=wrong, kind=kind, ready=ready)
    await audited.note(scope, "roster.import", "provider", chosen, {"kind": kind, "rows": len(records)})
    return back(request, f"/roster/import?done=imported&provider={chosen}")


async def _put(
    scope: Scope,
    provider: UUID,
    kind: str,
    records: Sequence[Record],
    *,
    is_kept: bool,
) -> tuple[int, list[Wrong]]:
    is_office = scope.person.role != "provider_manager"
    into = Into(scope.conn, scope.keys, provider, scope.person, scope.now, is_office)
    changed, wrong = 0, list[Wrong]()
    try:
        async with scope.conn.transaction():
            changed, wrong = await importing.apply(into, kind, records)
            _keep(is_kept=is_kept and not wrong)
    except _Undo:
        pass
    return changed, wrong


def _keep(*, is_kept: bool) -> None:
    if not is_kept:
        raise _Undo


def _kind(scope: Scope, given: dict[str, str]) -> str:
    kind = given.get("kind", "")
    if kind not in kinds(scope):
        raise NotFound("no such list")
    return kind


def _cells(content: bytes) -> Cells | None:
    """Return a sheet's cells as texts, None when it is no sheet."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _LARGEST_UNPACKED:
                return None
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS, values_only=True)
        return [[sheets.cell_text(cell) for cell in row] for row in rows]
    except Exception:  # noqa: BLE001 - a stranger's file breaks a library in as many ways as there are
        return None


def _words() -> dict[str, dict[str, str]]:
    """Return what people write in such a sheet, in every language we speak, and the codes of it."""
    found: dict[str, dict[str, str]] = {}
    for name in _TABLES:
        found[name] = {
            text.lower(): code for one in LANGUAGES for code, text in words.table(one, name).items()
        }
    said = {words.say(one, "yes"): "yes" for one in LANGUAGES} | {
        words.say(one, "no"): "no" for one in LANGUAGES
    }
    return {**found, "yes_no": {text.lower(): answer for text, answer in said.items()}}


def _template(language: str, kind: str) -> bytes:
    output = io.BytesIO()
    book = Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for nth, (column, text) in enumerate(zip(COLUMNS[kind], _EXAMPLES[kind], strict=True)):
        sheet.write_string(0, nth, words.word(language, "sheet_columns", column.name), bold)
        table = _TABLE_OF.get(column.name)
        sheet.write_string(1, nth, words.word(language, table, text) if table and text else text)
    sheet.set_column(0, len(COLUMNS[kind]) - 1, 18)
    sheet.freeze_panes(1, 0)
    book.close()
    return output.getvalue()


async def _page(
    request: Request,
    scope: Scope,
    provider: str,
    *,
    wrong: Sequence[Wrong] = (),
    kind: str = "caregivers",
    ready: dict[str, Any] | None = None,
    done: str = "",
) -> Response:
    chosen, known = await whose_provider(scope, provider)
    return show(
        request,
        scope,
        "roster/import.html",
        status=422 if wrong else 200,
        kinds=kinds(scope),
        kind=kind,
        columns=[one.name for one in COLUMNS[kind]],
        wrong=[{"row": one.row, "column": one.field, "code": one.code} for one in wrong[:_TOLD]],
        more=max(0, len(wrong) - _TOLD),
        ready=ready,
        done=done,
        providers=known,
        provider=chosen,
    )
