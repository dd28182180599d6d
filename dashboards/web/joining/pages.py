"""Joining by invitation: number and code, then what will be shared and what not, then in."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from core import accounts, consents, invitations, rights
from core.consents import PHONE_ITEMS
from core.db import Conn, Row
from core.errors import Conflict, Invalid, TooMany, Unauthorized
from dashboards import coming_in
from dashboards.coming_in import JOINING, door_of
from dashboards.web.login.codes import field, keep, logged_in, show

router = APIRouter(prefix="/join", include_in_schema=False)
MINUTES = int(invitations.STAY.total_seconds()) // 60


@router.get("")
async def ask(request: Request) -> Response:
    """Ask for the number that was invited and its code."""
    return show(request, "joining/join.html", phone="")


@router.post("")
async def prove(request: Request) -> Response:
    """Look whether number and code fit."""
    phone, code = await field(request, "phone"), await field(request, "code")
    try:
        ticket = await coming_in.prove_invitation(door_of(request), phone, code)
    except (Invalid, Unauthorized, TooMany) as problem:
        return show(request, "joining/join.html", problem, phone=phone)
    response = RedirectResponse("/join/sharing", status_code=303)
    keep(response, request, JOINING, ticket, MINUTES)
    return response


@router.get("/sharing")
async def sharing(request: Request) -> Response:
    """Say in big plain words what this relative will see and do, and what not."""
    state = request.app.state
    try:
        async with state.pool.transaction() as conn:
            where = await coming_in.invited(conn, request.cookies.get(JOINING))
        async with state.pool.transaction(where["district_id"]) as conn:
            row = await invitations.find(conn, where["id"])
            coming_in.check_stay(row, state.clock())
            return await _sharing(request, conn, row)
    except Unauthorized as problem:
        return show(request, "joining/join.html", problem, phone="")


async def _sharing(request: Request, conn: Conn, row: Row) -> Response:
    given = (await consents.of(conn, [row["elder_id"]]))[row["elder_id"]]
    held = rights.in_force(row["rights"], given)
    return show(
        request,
        "joining/sharing.html",
        invitation=row,
        held=[right for right in rights.RIGHTS if right in held],
        waiting=[right for right in rights.RIGHTS if right in row["rights"] and right not in held],
        withheld=[right for right in rights.RIGHTS if right not in row["rights"]],
        items=PHONE_ITEMS,
    )


@router.post("/accept")
async def accept(request: Request) -> Response:
    """Become a relative with an account, and land on the family's page."""
    state, door = request.app.state, door_of(request)
    sent = await request.form()
    own = [item for item in PHONE_ITEMS if sent.get(item)]
    try:
        async with state.pool.transaction() as conn:
            where = await coming_in.invited(conn, request.cookies.get(JOINING))
        async with state.pool.transaction(where["district_id"]) as conn:
            token = await coming_in.join(conn, door, await invitations.find(conn, where["id"]), own)
    except (Unauthorized, Conflict) as problem:
        return show(request, "joining/join.html", problem, phone="")
    person = await accounts.who(state.pool, token, door.now)
    if person is None:
        return RedirectResponse("/login/code", status_code=303)
    response = logged_in(request, token, person, "/" if own else "/family/me")
    response.delete_cookie(JOINING)
    return response
