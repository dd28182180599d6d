"""My access: what each elder shares with me, how I am reached, where I am logged in, another phone."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import accounts, consents, login_codes, people, rights
from core.consents import PHONE_ITEMS, Given, Subject, Withdrawn
from core.db import Row
from core.errors import Conflict, Invalid, Problem, TooMany, Unauthorized
from core.login_codes import Asked, Moving
from dashboards import audited, coming_in, relatives, visible
from dashboards.auth import Guarded, Scope, allow, token_of
from dashboards.coming_in import door_of
from dashboards.web.care.forms import text
from dashboards.web.family import home
from dashboards.web.login.codes import MINUTES, keep
from dashboards.web.pages import back, said, show, wrongs
from dispatch import push_subscriptions

router = APIRouter(prefix="/family/me", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]
MOVING = "yl_move"


@router.get("")
async def me(request: Request, scope: Family) -> Response:
    """Show what is shared with me, and what is known of me."""
    return await _me(request, scope, None)


@router.post("/consents")
async def choose(request: Request, scope: Family) -> Response:
    """Say how I may be reached: what is ticked is consented to, what is not is withdrawn at once."""
    member, sent = home.member_of(scope), await request.form()
    ticked, whose = [item for item in PHONE_ITEMS if sent.get(item)], Subject(member=member)
    by: dict[str, UUID] = {"district": scope.person.district_id, "account": scope.person.account_id}
    given = Given("", member, "member", "online", scope.now)
    await consents.give_all(scope.conn, whose, ticked, given, **by, now=scope.now)
    for row in await consents.history(scope.conn, whose):
        if row["withdrawn_at"] is None and row["item"] not in ticked:
            taken = Withdrawn("member", "online", "changed_mind", scope.now)
            await consents.withdraw(scope.conn, row["id"], taken, **by, now=scope.now)
    await people.say_reach(scope.conn, member, scope.now)
    return back(request, "/family/me")


@router.post("/devices")
async def log_out_others(request: Request, scope: Family) -> Response:
    """End every other session, within two seconds also its open pages; no other device is told any more."""
    account, sent = scope.person.account_id, await request.form()
    await accounts.log_out_others(scope.conn, account, token_of(request) or "", scope.now)
    await push_subscriptions.forget_others(scope.conn, account, text(sent, "endpoint", 1000))
    await audited.note(scope, "log_out_others", "account", account)
    return back(request, "/family/me")


@router.post("/phone")
async def move(request: Request, scope: Family) -> Response:
    """Send a code to the new number; nothing changes before it has been entered here."""
    door, sent = door_of(request), await request.form()
    moving = Moving(home.member_of(scope), scope.person.district_id)
    try:
        phone = coming_in.number(str(sent.get("phone", "")))
        async with scope.conn.transaction():
            asked = Asked(phone, door.address, scope.language)
            ticket = await login_codes.ask(scope.conn, scope.keys, asked, scope.settings, scope.now, moving)
    except (Invalid, TooMany) as problem:
        return await _me(request, scope, problem)
    response = back(request, "/family/me")
    keep(response, request, MOVING, ticket, MINUTES)
    return response


@router.post("/phone/confirm")
async def confirm(request: Request, scope: Family) -> Response:
    """Take the new number when its code fits; the old one is told."""
    sent, member = await request.form(), home.member_of(scope)
    ticket = request.cookies.get(MOVING, "")
    try:
        code = str(sent.get("code", ""))[:20]
        found = await login_codes.prove_move(scope.conn, scope.keys, ticket, code, scope.now)
        _check_mine(found, member)
    except Unauthorized as problem:
        return await _me(request, scope, problem)
    await login_codes.use(scope.conn, found["id"], scope.now)
    await _take_phone(scope, member, found["phone"])
    response = back(request, "/family/me")
    response.delete_cookie(MOVING)
    return response


def _check_mine(found: Row, member: UUID) -> None:
    """Refuse a code that another relative asked for in this browser."""
    if found["member_id"] != member:
        raise Unauthorized("the code is wrong or no longer good", code="wrong_code")


async def _take_phone(scope: Scope, member: UUID, phone: str) -> None:
    district = scope.person.district_id
    old = (await people.find_family_member(scope.conn, member))["phone_sealed"]
    await people.set_phone(scope.conn, scope.keys, district=district, member=member, phone=phone)
    await audited.note(scope, "phone_moved", "family_member", member)
    if old is not None:
        await relatives.tell_moved(scope, old, scope.language)


async def _me(request: Request, scope: Scope, problem: Problem | None) -> Response:
    member = home.member_of(scope)
    row = await people.find_family_member(scope.conn, member)
    token = token_of(request) or ""
    context: dict[str, Any] = {
        "phone": _phone(scope, row),
        "is_moving": MOVING in request.cookies,
        "elders": await visible.own(scope),
        "all_rights": rights.RIGHTS,
        "items": PHONE_ITEMS,
        "was_asked": row["reach_said_at"] is not None,
        "own": (await consents.of_members(scope.conn, [member]))[member],
        "sessions": await accounts.sessions(scope.conn, scope.person.account_id, token, scope.now),
        "failed": said(scope, problem) if isinstance(problem, Conflict | Unauthorized | TooMany) else None,
        "errors": wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    }
    status = problem.status if problem else 200
    return show(request, scope, "family/me.html", status=422 if status == 401 else status, **context)  # noqa: PLR2004 - not a login


def _phone(scope: Scope, row: Row) -> str:
    sealed = row["phone_sealed"]
    return people.mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else ""
