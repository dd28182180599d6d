"""The month as a workbook."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from dashboards import words
from dashboards.auth import Guarded
from dashboards.web.desk.pages import Month, Staff, month_in
from services import exports

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/export.xlsx")
async def export(scope: Staff, month: Month | None = None) -> Response:
    """Give the month as a workbook."""
    wanted = month_in(scope, month)
    sheet = await exports.month_xlsx(
        scope.conn,
        wanted,
        scope.person,
        scope.now,
        scope.language,
        partial(words.explain, scope.language),
        partial(words.word, scope.language),
    )
    headers = {"Content-Disposition": f'attachment; filename="yinling-{wanted:%Y-%m}.xlsx"'}
    return Response(sheet, media_type=SHEET, headers=headers)
