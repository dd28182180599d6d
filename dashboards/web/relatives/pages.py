"""An elder's relatives on the desk: consents first, then invitations and rights, each by somebody's word."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from starlette.datastructures import FormData

from core import consents, invitations, people, rights
from core.clock import local_date
from core.consents import ITEMS, REASONS, Subject
from core.db import Row
from core.errors import Conflict, Invalid, Problem
from dashboards import relatives, visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.relatives import Invited, Word
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs

router = APIRouter(prefix="/desk/elders/{elder_id}/family", route_class=Guarded, include_in_schema=False)
inviting = APIRouter(prefix="/desk/invitations", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Act = Callable[[], Awaitable[object]]
HOWS = ("paper", "voice", "in_person")


@router.get("")
async def family(request: Request, scope: Reader, elder_id: UUID) -> Response:
    """Show an elder's relatives, consents and invitations."""
    return await _family(request, scope, elder_id, None, {})


@router.post("/consents")
async def give(request: Request, scope: Clerk, elder_id: UUID) -> Response:
    """Record what the elder, or the guardian, consents to."""
    sent = await _sent(request, scope, elder_id)
    items = [item for item in ITEMS if sent.get(f"item.{item}")]

    async def act() -> object:
        return await relatives.give(scope, elder_id, items, _word(sent, "given_on"))

    return await _act(request, scope, elder_id, act, sent)


@router.post("/consents/{consent_id}/withdraw")
async def withdraw(request: Request, scope: Clerk, elder_id: UUID, consent_id: UUID) -> Response:
    """Take a consent back: at once, also in pages that are open."""
    sent = await _sent(request, scope, elder_id)

    async def act() -> None:
        reason = forms.text(sent, "reason", 30)
        await relatives.withdraw(scope, elder_id, consent_id, _word(sent, "withdrawn_on"), reason)

    return await _act(request, scope, elder_id, act, sent)


@router.post("/invitations")
async def invite(request: Request, scope: Clerk, elder_id: UUID) -> Response:
    """Invite a relative after the elder's word; the code goes out by SMS, or is read aloud or printed."""
    sent = await _sent(request, scope, elder_id)

    async def act() -> object:
        who = Invited(
            name=forms.text(sent, "name", 80),
            phone=_same_twice(sent),
            relation=forms.text(sent, "relation", 30),
            priority=forms.number(sent, "priority") or 1,
            rights=_rights(sent),
            wished_by=forms.text(sent, "wished_by", 10) or "office",
            wished_how=forms.text(sent, "wished_how", 10) or "counter",
            shares_phone=bool(sent.get("shares_phone")),
        )
        return await relatives.invite(scope, elder_id, who, _word(sent, "consented_on"))

    return await _act(request, scope, elder_id, act, sent)


@router.post("/members/{member_id}/rights")
async def change(request: Request, scope: Clerk, elder_id: UUID, member_id: UUID) -> Response:
    """Give a relative other rights, by the elder's word."""
    sent = await _sent(request, scope, elder_id)

    async def act() -> None:
        word = _word(sent, "consented_on")
        await relatives.set_rights(scope, elder_id, member_id, _rights(sent), word)

    return await _act(request, scope, elder_id, act, sent)


@router.post("/members/{member_id}/end")
async def end(request: Request, scope: Clerk, elder_id: UUID, member_id: UUID) -> Response:
    """End a bond."""
    sent = await _sent(request, scope, elder_id)
    return await _act(request, scope, elder_id, lambda: relatives.end(scope, elder_id, member_id), sent)


@inviting.post("/{invitation_id}/renew")
async def renew(request: Request, scope: Clerk, invitation_id: UUID) -> Response:
    """Send a new code."""
    return await _on_invitation(request, scope, invitation_id, relatives.renew)


@inviting.post("/{invitation_id}/revoke")
async def revoke(request: Request, scope: Clerk, invitation_id: UUID) -> Response:
    """Take an invitation back."""
    return await _on_invitation(request, scope, invitation_id, relatives.revoke)


@inviting.post("/{invitation_id}/letter")
async def letter(request: Request, scope: Clerk, invitation_id: UUID) -> Response:
    """Show the code as a letter to be printed or read aloud: on record."""
    row = await invitations.find(scope.conn, invitation_id)
    try:
        async with scope.conn.transaction():
            row, code = await relatives.show_code(scope, invitation_id)
    except Conflict as problem:
        return await _family(request, scope, row["elder_id"], problem, {})
    base = (scope.settings.public_url or str(request.base_url)).rstrip("/")
    drawn = segno.make(f"{base}/join", error="m").svg_inline(
        border=2, svgclass="qr", lineclass=None, omitsize=True
    )
    return show(
        request,
        scope,
        "relatives/letter.html",
        invitation=row,
        code=f"{code[:4]} {code[4:]}",
        url=f"{base}/join",
        drawn=Markup(drawn),  # noqa: S704 - drawn by segno from our own address
    )


async def _on_invitation(
    request: Request, scope: Scope, invitation: UUID, act: Callable[[Scope, UUID], Awaitable[None]]
) -> Response:
    row = await invitations.find(scope.conn, invitation)
    return await _act(request, scope, row["elder_id"], lambda: act(scope, invitation), None)


async def _sent(request: Request, scope: Scope, elder: UUID) -> FormData:
    """Read the form, after the elder has been found to be of this district."""
    await visible.check_elder(scope, elder)
    return await request.form()


def _word(sent: FormData, day: str) -> Word:
    on = forms.needed_day(sent, day)
    return Word(forms.text(sent, "given_as", 10), forms.text(sent, "how", 12), on)


def _rights(sent: Mapping[str, Any]) -> list[str]:
    return [right for right in rights.RIGHTS if sent.get(f"right.{right}")]


def _same_twice(sent: FormData) -> str:
    """Return the number that was typed twice alike: one digit wrong sends the code to a stranger."""
    phone, again = forms.text(sent, "phone", 40), forms.text(sent, "phone_again", 40)
    if "".join(phone.split()) != "".join(again.split()):
        raise Invalid("phone_again: differs", [{"field": "phone_again", "code": "phone_differs"}])
    return phone


async def _act(request: Request, scope: Scope, elder: UUID, act: Act, sent: FormData | None) -> Response:
    try:
        async with scope.conn.transaction():
            await act()
    except (Conflict, Invalid) as problem:
        return await _family(request, scope, elder, problem, dict(sent or {}))
    return back(request, f"/desk/elders/{elder}/family")


async def _family(
    request: Request, scope: Scope, elder_id: UUID, problem: Problem | None, given: dict[str, Any]
) -> Response:
    conn = scope.conn
    elder = await people.find_elder(conn, elder_id)
    rows = await consents.history(conn, Subject(elder_id))
    in_force = {row["item"]: row for row in rows if row["withdrawn_at"] is None}
    return show(
        request,
        scope,
        "relatives/family.html",
        status=problem.status if problem else 200,
        elder=elder,
        contacts=[_contact(scope, row, in_force) for row in await people.contacts(conn, elder_id)],
        in_force=in_force,
        past=[row for row in rows if row["withdrawn_at"] is not None],
        invitations=[_invitation(scope, row) for row in await invitations.of_elder(conn, elder_id)],
        guardian=await relatives.guardian(scope, elder_id),
        items=ITEMS,
        all_rights=rights.RIGHTS,
        presets=rights.PRESETS,
        chosen=_rights(given) if "name" in given else rights.PRESETS["child_far"],
        relations=invitations.RELATIONS,
        hows=HOWS,
        reasons=REASONS,
        today=local_date(scope.now),
        given=given,
        may_write=scope.person.role in {"clerk", "admin"},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


def _contact(scope: Scope, row: Row, in_force: dict[str, Row]) -> dict[str, Any]:
    held = rights.in_force(row["rights"], in_force.keys())
    return {**row, "phone": _phone(scope, row), "held": [one for one in rights.RIGHTS if one in held]}


def _invitation(scope: Scope, row: Row) -> dict[str, Any]:
    return {**row, "phone": _phone(scope, row), "state": invitations.state_of(row, scope.now)}


def _phone(scope: Scope, row: Row) -> str:
    sealed = row["phone_sealed"]
    return people.mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else ""
