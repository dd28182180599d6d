"""The operator's seat: the second screen, who looks, calls by one key, cases given to a colleague."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, NotFound
from dashboards import visible
from dashboards.auth import Guarded, Scope
from dashboards.web.console import case as one_case
from dashboards.web.console import queue
from dashboards.web.console.pages import CHOICES, Code, Operator, Text, answer_case, in_words
from dashboards.web.pages import back, is_partial, show
from dispatch.seats import stepping, transfers, watching

router = APIRouter(prefix="/console", route_class=Guarded, include_in_schema=False)
MANY = 200
"""As many cases as somebody's hand-over shows."""
Cases = Annotated[list[UUID], Form(max_length=MANY)]
Whom = Annotated[str, Form(max_length=40)]
MANAGERS = "managers"


@router.get("/screen")
async def empty_screen(request: Request, scope: Operator) -> Response:
    """Show the second screen before a case is chosen: it follows the queue's choice."""
    return await _screen(request, scope, None)


@router.get("/screen/{case_id}")
async def screen(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Show a case alone in a window of its own."""
    return await _screen(request, scope, case_id)


async def _screen(request: Request, scope: Scope, case_id: UUID | None) -> Response:
    shown = await one_case.find(scope, case_id) if case_id else None
    head = await queue.head(scope.conn)
    around: dict[str, Any] = {"shown": shown, "failed": None, "errors": {}, "choices": CHOICES, "head": head}
    return show(request, scope, "console/screen.html", here=case_id, **around)


@router.post("/here")
async def here(
    scope: Operator,
    looking: Cases = [],  # noqa: B006 - FastAPI copies it
    left: Cases = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Say that this console is open, and which cases are on its screens or no longer."""
    await watching.beat(scope.conn, scope.person, looking, scope.now, left)
    return Response(status_code=204)


@router.get("/ear")
async def ear(request: Request, scope: Operator) -> Response:
    """Return what every page of an operator hears: the newest event's number, what rings, what is offered."""
    return show(request, scope, "console/head.html", head=await queue.head(scope.conn))


@router.get("/offers")
async def offers(request: Request, scope: Operator) -> Response:
    """Return the banner of what is offered to one, with how many cases one has."""
    return show(request, scope, "console/offers.html", **await _mine(scope))


@router.post("/cases/{case_id}/transfer")
async def transfer(
    request: Request, scope: Operator, case_id: UUID, to: Whom = "", reason: Code = "", note: Text = ""
) -> Response:
    """Offer the case to a colleague, or to whichever duty manager is first."""

    async def do() -> None:
        given = await _whom(scope, to)
        await transfers.offer(scope.conn, case_id, scope.person, scope.now, given, reason, note or None)

    return await _try(request, scope, case_id, do, "transfer")


@router.post("/cases/{case_id}/take-over")
async def take_over(request: Request, scope: Operator, case_id: UUID, note: Text = "") -> Response:
    """Take the case from who has left, or as duty manager from anybody."""

    async def do() -> None:
        await transfers.take_over(scope.conn, case_id, scope.person, scope.now, note or None)

    return await _try(request, scope, case_id, do, "take-over")


@router.post("/cases/{case_id}/step")
async def step(request: Request, scope: Operator, case_id: UUID) -> Response:
    """Do the next step of the escalation now."""

    async def do() -> None:
        await stepping.now_(scope.conn, case_id, scope.person, scope.now)

    return await _try(request, scope, case_id, do, "step")


@router.post("/transfers/{transfer_id}/accept")
async def accept(request: Request, scope: Operator, transfer_id: UUID) -> Response:
    """Take what is offered to one."""
    return await _answer(request, scope, transfer_id, transfers.accept)


@router.post("/transfers/{transfer_id}/decline")
async def decline(request: Request, scope: Operator, transfer_id: UUID) -> Response:
    """Say no."""
    return await _answer(request, scope, transfer_id, transfers.decline)


@router.post("/transfers/{transfer_id}/withdraw")
async def withdraw(request: Request, scope: Operator, transfer_id: UUID) -> Response:
    """Take one's own offer back."""
    return await _answer(request, scope, transfer_id, transfers.withdraw)


@router.get("/hand-over")
async def hand_over(request: Request, scope: Operator) -> Response:
    """Show one's cases at the end of a shift, what is offered to one, and what nobody minds."""
    return await _hand_over(request, scope)


@router.post("/hand-over")
async def give(
    request: Request,
    scope: Operator,
    case_id: Cases = [],  # noqa: B006 - FastAPI copies it
    to: Annotated[list[str], Form(max_length=MANY)] = [],  # noqa: B006 - FastAPI copies it
    note: Annotated[list[str], Form(max_length=MANY)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Offer each case to whom is chosen beside it, with its sentence; an empty choice keeps it."""
    for one in case_id:
        await visible.check(scope, "case", one)
    failed: dict[str, str] = {}
    if not len(case_id) == len(to) == len(note):
        raise Invalid("every case needs a colleague and a sentence")
    for one, whom, words in zip(case_id, to, note, strict=True):
        if whom:
            failed |= await _give(scope, one, whom, words)
    if failed:
        return await _hand_over(request, scope, failed, status=409)
    return back(request, "/console/hand-over")


@router.post("/hand-over/accept")
async def accept_all(
    request: Request,
    scope: Operator,
    transfer_id: Cases = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Take all that is offered; what was too late is named."""
    failed: dict[str, str] = {}
    for one in transfer_id:
        try:
            async with scope.conn.transaction():
                await transfers.accept(scope.conn, one, scope.person, scope.now)
        except Conflict as problem:
            failed[str(one)] = in_words(scope, problem)["text"]
    if failed:
        return await _hand_over(request, scope, failed, status=409)
    return back(request, "/console/hand-over")


async def _give(scope: Scope, case: UUID, to: str, note: str) -> dict[str, str]:
    """Offer one case of a hand-over; return {case: why not} when it cannot be."""
    try:
        async with scope.conn.transaction():
            who = await _whom(scope, to)
            given = (scope.person, scope.now, who, "shift_end", note[:2000] or None, "hand_over")
            await transfers.offer(scope.conn, case, *given)
    except (Conflict, Invalid) as problem:
        return {str(case): in_words(scope, problem)["text"]}
    return {}


async def _whom(scope: Scope, to: str) -> UUID | None:
    """Return a colleague of this district, None for any duty manager; raise Invalid at `to`."""
    if to == MANAGERS:
        return None
    try:
        found = UUID(to)
    except ValueError:
        raise Invalid("choose a colleague", [{"field": "to", "code": "unknown"}]) from None
    await visible.check(scope, "account", found)
    return found


async def _mine(scope: Scope) -> dict[str, Any]:
    conn, person = scope.conn, scope.person
    return {
        "offered": await transfers.offered_to(conn, person),
        "mine": await transfers.mine(conn, person.account_id),
    }


async def _hand_over(
    request: Request, scope: Scope, failed: dict[str, str] | None = None, status: int = 200
) -> Response:
    conn, now = scope.conn, scope.now
    left = await transfers.left_behind(conn, now)
    return show(
        request,
        scope,
        "console/hand_over.html",
        status=status,
        wrong=failed or {},
        colleagues=await watching.colleagues(conn, scope.person.account_id, now),
        left=[row for row in left if row["claimed_by"] != scope.person.account_id],
        head=await queue.head(conn),
        **await _mine(scope),
    )


async def _answer(request: Request, scope: Scope, transfer_id: UUID, verb: Any) -> Response:  # noqa: ANN401 - one of three
    """Answer an offer: who takes it goes to the case, anybody else stays where they are."""
    try:
        async with scope.conn.transaction():
            case: UUID = await verb(scope.conn, transfer_id, scope.person, scope.now)
    except Conflict as problem:
        if is_partial(request):
            failed = in_words(scope, problem)
            return show(
                request, scope, "console/offers.html", status=409, failed=failed, **await _mine(scope)
            )
        return await _hand_over(request, scope, {str(transfer_id): in_words(scope, problem)["text"]}, 409)
    if is_partial(request) and verb is not transfers.withdraw:
        taken = case if verb is transfers.accept else None
        return show(request, scope, "console/offers.html", taken=taken, **await _mine(scope))
    if is_partial(request):
        return await answer_case(request, scope, case)
    return back(request, "/console/hand-over" if verb is transfers.decline else f"/console/cases/{case}")


async def _try(request: Request, scope: Scope, case_id: UUID, do: Any, verb: str) -> Response:  # noqa: ANN401 - a coroutine function
    await visible.check(scope, "case", case_id)
    try:
        async with scope.conn.transaction():
            await do()
    except NotFound:
        raise
    except (Conflict, Invalid) as problem:
        return await answer_case(request, scope, case_id, problem, verb)
    if is_partial(request):
        return await answer_case(request, scope, case_id)
    return back(request, f"/console/cases/{case_id}")
