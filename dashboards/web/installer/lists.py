"""The administrator's kits: the list of them, an import of many from a sheet, its template."""

import asyncio
import io
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID
from zipfile import ZipFile

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import Response
from openpyxl import load_workbook
from xlsxwriter import Workbook

from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.i18n import LANGUAGES
from dashboards.web.pages import show
from devices import kit_lists, kits
from devices.kit_lists import COLUMNS, MOST_ROWS, Kit, Wrong
from devices.kits import Imported

router = APIRouter(prefix="/admin/kits", route_class=Guarded, include_in_schema=False)
Admin = Annotated[Scope, allow("admin")]
PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST = 1_900_000
_LARGEST_UNPACKED = 16 * 1024 * 1024
_EXAMPLE = (
    ("K-1001", "7XQ2-9F4M", "hub_v1", "", "hall", "", ""),
    ("K-1001", "7XQ2-9F4M", "motion_v1", "", "living_room", "zigbee2mqtt", "0x00158d0001a2b3c4"),
    ("K-1001", "7XQ2-9F4M", "sos_button_v1", "", "bedroom", "", ""),
)


@router.get("")
async def list_(request: Request, scope: Admin, after: UUID | None = None) -> Response:
    """List the kits."""
    return await _page(request, scope, after)


@router.get("/template.xlsx")
async def template(scope: Admin) -> Response:
    """Give a sheet to fill in, with an example of one kit."""
    content = await asyncio.to_thread(_template, scope.language)
    headers = {"Content-Disposition": 'attachment; filename="kits.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=_XLSX, headers=headers)


@router.post("/import")
async def import_(request: Request, scope: Admin, sheet: UploadFile) -> Response:
    """Register every kit of a sheet, or none of it; passwords of its devices are shown once."""
    content = await sheet.read(_LARGEST + 1)
    found, wrong = await asyncio.to_thread(read, content)
    made: list[Imported] = []
    if not wrong:
        who, district = scope.person.account_id, scope.person.district_id
        made, wrong = await kits.add_all(
            scope.conn, scope.keys, found, district=district, by=who, now=scope.now
        )
    if wrong:
        return await _page(request, scope, None, wrong=wrong)
    await audited.note(scope, "kit.import", "kit", None, {"kits": len(found), "devices": len(made)})
    return await _page(request, scope, None, made=made, count=len(found))


def read(content: bytes) -> tuple[list[Kit], list[Wrong]]:
    """Read a sheet in whatever language its words are."""
    try:
        _check_size(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        first = book.worksheets[0]
        rows: list[Sequence[Any]] = list(first.iter_rows(max_row=MOST_ROWS + 2, max_col=20, values_only=True))
    except Exception:  # noqa: BLE001 - a stranger's file breaks a library in as many ways as there are
        return [], [Wrong(1, "kit", "no_sheet")]
    return kit_lists.read(rows[0] if rows else (), rows[1:], _words())


def _check_size(content: bytes) -> None:
    """Raise ValueError for a file that unpacks to far more than a list of kits."""
    with ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _LARGEST_UNPACKED:
            raise ValueError("too large")


def _words() -> dict[str, str]:
    """Return what people write in such a sheet, in every language we speak, and the codes of it."""
    return {
        text.lower(): code
        for language in LANGUAGES
        for table in ("kit_columns", "thing_models", "rooms")
        for code, text in words.table(language, table).items()
    }


def _template(language: str) -> bytes:
    output = io.BytesIO()
    book = Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for nth, column in enumerate(COLUMNS):
        sheet.write_string(0, nth, words.word(language, "kit_columns", column), bold)
    for row, line in enumerate(_EXAMPLE, start=1):
        for nth, (column, text) in enumerate(zip(COLUMNS, line, strict=True)):
            table = {"thing_model": "thing_models", "room": "rooms"}.get(column)
            sheet.write_string(row, nth, words.word(language, table, text) if table and text else text)
    sheet.set_column(0, len(COLUMNS) - 1, 22)
    sheet.freeze_panes(1, 0)
    book.close()
    return output.getvalue()


async def _page(
    request: Request,
    scope: Scope,
    after: UUID | None,
    *,
    wrong: Sequence[Wrong] = (),
    made: Sequence[Imported] = (),
    count: int = 0,
) -> Response:
    rows = await kits.list_(scope.conn, after, PAGE + 1)
    return show(
        request,
        scope,
        "installer/kits.html",
        status=422 if wrong else 200,
        kits=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        wrong=[{"row": one.row, "column": one.field, "code": one.code} for one in wrong[:200]],
        more=max(0, len(wrong) - 200),
        made=[one for one in made if one.credentials.password],
        count=count,
        devices=len(made),
    )
