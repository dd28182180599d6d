"""The form as a browser without scripts sends it: one signature, by the account."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from core import people as persons
from core.clock import local_date
from core.errors import Conflict, Forbidden, Invalid
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.assessor.pages import show_form
from dashboards.web.pages import back
from services import assessments
from services.assessing import form

router = APIRouter(prefix="/desk/assessments", route_class=Guarded, include_in_schema=False)
Assessor = Annotated[Scope, allow("assessor")]
YES_NO = ("coma", "dementia", "mental_disorder")


@router.get("/new")
async def blank(scope: Assessor, elder: UUID) -> Response:
    """Go to the form of a person."""
    await persons.find_elder(scope.conn, elder)
    return RedirectResponse(f"/assessor/elders/{elder}", status_code=303)


@router.post("")
async def record(request: Request, scope: Assessor) -> Response:
    """Keep a filled-in form with its first signature, or say what is wrong field by field."""
    sent = await request.form()
    elder = await _elder_of(scope, sent)
    try:
        filled = _filled(scope, elder, sent)
        async with scope.conn.transaction():
            identity, _ = await assessments.record(
                scope.conn,
                district=scope.person.district_id,
                filled=filled,
                assessor=scope.person.account_id,
                now=scope.now,
            )
    except (Conflict, Invalid) as problem:
        return await show_form(request, scope, elder, dict(sent), problem)
    return back(request, f"/desk/assessments/{identity}")


async def _elder_of(scope: Scope, sent: FormData) -> UUID:
    try:
        elder = UUID(str(sent.get("elder", "")))
    except ValueError as error:
        raise Forbidden("no elder is named") from error
    await persons.find_elder(scope.conn, elder)
    return elder


def _filled(scope: Scope, elder: UUID, sent: FormData) -> assessments.Form:
    """Read the form; numbers and dates that are none are left for the rules to name."""
    items = {item.code: _number(sent.get(f"items.{item.code}")) for item in form().items}
    adjustments: dict[str, Any] = {name: sent.get(f"adjustments.{name}") == "1" for name in YES_NO}
    adjustments["risk_events"] = _number(sent.get("adjustments.risk_events") or "0")
    notes = {
        name.removeprefix("notes."): str(words) for name, words in sent.items() if name.startswith("notes.")
    }
    return assessments.Form(
        elder=elder,
        items={code: value for code, value in items.items() if value is not None},
        adjustments=adjustments,
        reason=str(sent.get("reason", "")),
        assessed_on=_day(sent.get("assessed_on"), local_date(scope.now)),
        notes_sealed=assessments.seal_notes(scope.keys, scope.person.district_id, notes),
        informant=str(sent["informant"]) if sent.get("informant") else None,
    )


def _number(value: object) -> int | str | None:
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else text  # noqa: PLR2004 - points


def _day(value: object, today: date) -> date:
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError as error:
        raise Invalid("assessed_on: no date", [{"field": "assessed_on", "code": "date"}]) from error
    if day > today:
        raise Invalid("assessed_on: in the future", [{"field": "assessed_on", "code": "future"}])
    return day
