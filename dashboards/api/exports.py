"""The month as a workbook."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response

from dashboards import words
from dashboards.api.shapes import OFFICE, Month, month_start
from dashboards.auth import Guarded, Scope, allow
from services import exports

router = APIRouter(prefix="/api/v1/statements", tags=["statements"], route_class=Guarded)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/export", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def export(scope: Annotated[Scope, allow(*OFFICE)], month: Month) -> Response:
    """Give a month as a workbook: summary, claims with their explanations, and how it was made."""
    day = month_start(month)
    assert day is not None  # noqa: S101 - the parameter is required
    said = partial(words.explain, scope.language), partial(words.word, scope.language)
    body = await exports.month_xlsx(scope.conn, day, scope.person, scope.now, scope.language, *said)
    name = f'attachment; filename="yinling-{month}.xlsx"'
    return Response(body, media_type=XLSX, headers={"Content-Disposition": name})
