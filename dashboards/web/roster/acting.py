"""What a manager does to the roster; what stands in the way is said beside the form."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local_date
from core.errors import Conflict, Invalid, NotFound
from dashboards import audited, employed
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dashboards.web.pages import back
from dashboards.web.roster import forms, pages
from dispatch.roster import editing, leaves, swaps
from dispatch.roster.weeks import Laid
from dispatch.roster.working_time import monday_of

router = APIRouter(prefix="/roster", route_class=Guarded, include_in_schema=False)
Manager = Annotated[Scope, allow(*MANAGERS)]
_MOST_FIELDS = 40
Given = dict[str, str]


async def given_of(request: Request) -> Given:
    """Return the form's texts."""
    form = await request.form(max_fields=_MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _try(
    request: Request, scope: Scope, given: Given, opened: dict[str, Any], act: Callable[[], Awaitable[str]]
) -> Response:
    """Do it and go back to the week, or show the form again with what stands in the way."""
    try:
        async with scope.conn.transaction():
            done = await act()
    except (Conflict, Invalid) as problem:
        week, provider = given.get("week", ""), given.get("provider", "")
        return await pages.page(request, scope, week, provider, opened=opened, problem=problem)
    return back(request, way(given, done))


def way(given: Given, done: str) -> str:
    """Return the address of the week from which the form came."""
    told = {name: given[name] for name in ("week", "provider") if given.get(name)}
    return f"/roster?{urlencode({**told, 'done': done})}"


@router.post("/shifts")
async def add(request: Request, scope: Manager) -> Response:
    """Lay a shift."""
    given = await given_of(request)

    async def act() -> str:
        wanted = forms.shift(given)
        await employed.caregiver(scope, wanted.caregiver_id)
        agreed = forms.word(given).is_agreed
        made = await editing.add(scope.conn, wanted, scope.person, scope.now, is_agreed=agreed)
        await audited.note(scope, "shift.add", "shift", made, {"caregiver_id": str(wanted.caregiver_id)})
        return "added"

    return await _try(request, scope, given, {"shift": None, "given": {**pages.BLANK, **given}}, act)


@router.post("/shifts/{shift_id}")
async def change(request: Request, scope: Manager, shift_id: UUID) -> Response:
    """Change a shift, or take it away."""
    given = await given_of(request)
    row = await employed.of(scope, await editing.find(scope.conn, shift_id), "shift")
    said = forms.word(given)

    async def act() -> str:
        if given.get("do") == "remove":
            await editing.remove(scope.conn, shift_id, scope.now, is_confirmed=said.is_confirmed)
            await audited.note(scope, "shift.remove", "shift", shift_id)
            return "removed"
        wanted = forms.shift(given)
        await employed.caregiver(scope, wanted.caregiver_id)
        flags = {"is_agreed": said.is_agreed, "is_confirmed": said.is_confirmed}
        await editing.move(scope.conn, shift_id, wanted, scope.person, scope.now, **flags)
        await audited.note(scope, "shift.move", "shift", shift_id)
        return "changed"

    tried = {**forms.as_form(row), **given}
    return await _try(request, scope, given, {"shift": row, "given": tried}, act)


@router.post("/drag")
async def drag(request: Request, scope: Manager) -> Response:
    """Move or copy a shift to another day or person, as a mouse or the arrow keys have it."""
    given = await given_of(request)
    row = await employed.of(scope, await editing.find(scope.conn, _id(given, "shift")), "shift")
    is_copy = given.get("copy") == "yes"
    wanted = forms.moved(row, _id(given, "caregiver"), forms.day(given, "on"))
    tried = forms.as_form({**row, "caregiver_id": wanted.caregiver_id, **_times(wanted)})

    async def act() -> str:
        await employed.caregiver(scope, wanted.caregiver_id)
        if is_copy:
            made = await editing.add(scope.conn, wanted, scope.person, scope.now)
            await audited.note(scope, "shift.add", "shift", made)
            return "added"
        await editing.move(scope.conn, row["id"], wanted, scope.person, scope.now)
        await audited.note(scope, "shift.move", "shift", row["id"])
        return "changed"

    return await _try(request, scope, given, {"shift": None if is_copy else row, "given": tried}, act)


def _times(wanted: Laid) -> dict[str, Any]:
    times = {"starts_at": wanted.starts_at, "ends_at": wanted.ends_at}
    return {**times, "break_from": wanted.break_from, "break_to": wanted.break_to}


def _id(given: Given, name: str) -> UUID:
    try:
        return forms.identity(given, name)
    except Invalid as problem:
        raise NotFound(f"no {name} of that id") from problem


@router.post("/copy")
async def copy(request: Request, scope: Manager) -> Response:
    """Lay the week before again in this one; what cannot be laid is listed."""
    given = await given_of(request)
    provider = await employed.provider(scope, _id(given, "provider"))
    to = monday_of(forms.day(given, "week"))
    monday = to - timedelta(days=7)
    assert provider is not None  # noqa: S101 - one was named
    found = await editing.copy_week(scope.conn, provider, monday, to, scope.person, scope.now)
    about: dict[str, object] = {"to": to.isoformat(), "laid": found.laid}
    await audited.note(scope, "shift.copy_week", "provider", provider, about)
    if not found.left_out:
        return back(request, way(given, "copied"))
    for one in found.left_out:
        one["on"] = local_date(datetime.fromisoformat(one["at"])).isoformat()
    return await pages.page(
        request, scope, given["week"], given.get("provider", ""), done="copied", left_out=found.left_out
    )


@router.post("/leaves")
async def leave(request: Request, scope: Manager) -> Response:
    """Note leave, and approve it at once; lost visits are listed first."""
    given = await given_of(request)

    async def act() -> str:
        whose = forms.identity(given, "caregiver")
        await employed.caregiver(scope, whose)
        what = (whose, given.get("kind", ""), *forms.span(given), scope.person, scope.now)
        confirmed = forms.word(given).is_confirmed
        made = await leaves.record(scope.conn, *what, is_confirmed=confirmed)
        await audited.note(scope, "leave.create", "leave", made, {"kind": given.get("kind", "")})
        return "leave"

    blank = {"caregiver": "", "kind": "annual", "from_on": "", "to_on": "", "from_at": "", "to_at": ""}
    return await _try(request, scope, given, {"leave": True, "given": {**blank, **given}}, act)


@router.post("/leaves/{leave_id}")
async def decide_leave(request: Request, scope: Manager, leave_id: UUID) -> Response:
    """Approve, refuse or withdraw leave."""
    given = await given_of(request)
    row = await employed.of(scope, await leaves.find(scope.conn, leave_id), "leave")
    verb = _verb(given, leaves.VERBS)

    async def act() -> str:
        confirmed = forms.word(given).is_confirmed
        await leaves.decide(scope.conn, leave_id, verb, scope.person, scope.now, is_confirmed=confirmed)
        await audited.note(scope, f"leave.{verb}", "leave", leave_id)
        return "leave"

    opened = {"decide": f"/roster/leaves/{leave_id}", "about": row, "given": given}
    return await _try(request, scope, given, opened, act)


@router.post("/swaps/{swap_id}")
async def decide_swap(request: Request, scope: Manager, swap_id: UUID) -> Response:
    """Approve or refuse a swap."""
    given = await given_of(request)
    row = await swaps.find(scope.conn, swap_id)
    await employed.of(scope, {**row, "caregiver_id": row["giver_id"]}, "swap")
    verb, said = _verb(given, ("approve", "refuse")), forms.word(given)

    async def act() -> str:
        flags = {"is_agreed": said.is_agreed, "is_confirmed": said.is_confirmed}
        await swaps.decide(scope.conn, swap_id, verb, scope.person, scope.now, **flags)
        await audited.note(scope, f"swap.{verb}", "swap", swap_id)
        return "swap"

    opened = {"decide": f"/roster/swaps/{swap_id}", "about": row, "given": given}
    return await _try(request, scope, given, opened, act)


def _verb(given: Given, known: Any) -> str:  # noqa: ANN401 - any container of verbs
    verb = given.get("verb", "")
    if verb not in known:
        raise NotFound("no such step")
    return verb
