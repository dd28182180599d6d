"""The civil-affairs desk, money: statements, claims, what could not be priced, entitlements, the export."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import local_date, month_after, month_of
from core.errors import Forbidden
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk import money
from dashboards.web.desk.money import Filter
from dashboards.web.pages import show
from dispatch.service_items import ITEMS
from services import claims, entitlements, statements

router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
STAFF = ("clerk", "auditor", "approver")
Staff = Annotated[Scope, allow(*STAFF)]
Money = Annotated[Scope, allow(*STAFF, "provider_manager")]
Month = Annotated[str, Query(pattern=r"^2\d{3}-(0[1-9]|1[0-2])$")]


def only(scope: Scope) -> UUID | None:
    """Return the provider that a provider's manager is kept to; None: all."""
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise Forbidden("this account belongs to no provider")
    return scope.person.provider_id


def month_in(scope: Scope, wanted: str | None) -> date:
    """Return the month asked for, this one by default."""
    return date.fromisoformat(f"{wanted}-01") if wanted else month_of(local_date(scope.now))


def beside(month: date) -> dict[str, Any]:
    """Return the months before and after."""
    return {"before": month_of(date.fromordinal(month.toordinal() - 1)), "after": month_after(month)}


@router.get("")
async def start(scope: Money) -> Response:
    """Begin with the statements."""
    del scope
    return RedirectResponse("/desk/statements", status_code=303)


@router.get("/statements")
async def list_statements(request: Request, scope: Money, month: Month | None = None) -> Response:
    """List the month's statements, one per provider."""
    wanted = month_in(scope, month)
    rows = await statements.list_(scope.conn, wanted, provider_id=only(scope), limit=200)
    sums = await money.sums(scope.conn, Filter(wanted, only(scope)))
    return show(
        request,
        scope,
        "desk/statements.html",
        statements=rows,
        sums=sums,
        month=wanted,
        may_export=scope.person.role in STAFF,
        **beside(wanted),
    )


@router.get("/claims")
async def list_claims(
    request: Request,
    scope: Money,
    month: Month | None = None,
    provider: str = "",
    service: str = "",
    flagged: str = "",
    after: UUID | None = None,
) -> Response:
    """List claims by month, provider, service and doubt."""
    wanted = Filter(
        month=month_in(scope, month),
        provider=only(scope) or _id(provider),
        service=service if service in ITEMS else None,
        flagged={"yes": True, "no": False}.get(flagged),
    )
    rows, next_ = await money.page(scope.conn, wanted, after)
    return show(
        request,
        scope,
        "desk/claims.html",
        claims=rows,
        sums=await money.sums(scope.conn, wanted),
        providers=await money.providers(scope.conn, only(scope)),
        services=tuple(ITEMS),
        wanted=wanted,
        next=next_,
        **beside(wanted.month or month_in(scope, None)),
    )


@router.get("/claims/{claim_id}")
async def claim(request: Request, scope: Money, claim_id: UUID) -> Response:
    """Show one claim: why this amount, what proves it, back to the device's message."""
    shown = await money.evidence(scope.conn, claim_id, only(scope))
    return show(request, scope, "desk/claim.html", shown=shown)


@router.get("/unpriced")
async def list_unpriced(request: Request, scope: Staff, after: UUID | None = None) -> Response:
    """List verified visits that could not be priced, and why."""
    rows = await claims.unpriced(scope.conn, after, money.PAGE + 1)
    next_ = rows[money.PAGE - 1]["visit_id"] if len(rows) > money.PAGE else None
    return show(request, scope, "desk/unpriced.html", visits=rows[: money.PAGE], next=next_)


@router.get("/entitlements")
async def list_entitlements(
    request: Request, scope: Staff, month: Month | None = None, after: UUID | None = None
) -> Response:
    """List what everybody may use in a month, and what is used."""
    wanted = month_in(scope, month)
    rows = await entitlements.list_(scope.conn, wanted, after, money.PAGE + 1)
    next_ = rows[money.PAGE - 1]["id"] if len(rows) > money.PAGE else None
    return show(
        request,
        scope,
        "desk/entitlements.html",
        rows=rows[: money.PAGE],
        next=next_,
        month=wanted,
        **beside(wanted),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
