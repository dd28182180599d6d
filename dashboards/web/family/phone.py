"""The page of this phone: being told by web push, a test message, the app on the home screen, WeChat."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import NotFound
from dashboards import pushing
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, show
from dispatch import push_subscriptions, vapid

router = APIRouter(prefix="/family/phone", route_class=Guarded, include_in_schema=False)
Family = Annotated[Scope, allow("family")]


@router.get("")
async def phone(request: Request, scope: Family, tried: str = "") -> Response:
    """Show which devices are told, and how to have this one told."""
    devices = await push_subscriptions.of_account(scope.conn, scope.person.account_id)
    return show(
        request,
        scope,
        "family/phone.html",
        devices=devices,
        known=" ".join(hashlib.sha256(one["endpoint"].encode()).hexdigest() for one in devices),
        key=vapid.load_or_create(scope.settings.vapid_path).public,
        in_wechat="micromessenger" in request.headers.get("user-agent", "").lower(),
        tried=tried if tried in pushing.CODES else "",
    )


@router.post("/{push_subscription_id}/test")
async def test(request: Request, scope: Family, push_subscription_id: UUID) -> Response:
    """Send a test message; what came of it stands on the page."""

    def tried(code: str) -> Response:
        return back(request, f"/family/phone?tried={code}")

    await pushing.test(request, scope, push_subscription_id, tried)
    return back(request, "/family/phone")


@router.post("/{push_subscription_id}/remove")
async def remove(request: Request, scope: Family, push_subscription_id: UUID) -> Response:
    """Forget a device."""
    own = await push_subscriptions.of_account(scope.conn, scope.person.account_id)
    row = next((one for one in own if one["id"] == push_subscription_id), None)
    if row is None:
        raise NotFound(f"no push subscription {push_subscription_id}")
    await push_subscriptions.withdraw(scope.conn, row["endpoint"], scope.person, scope.now)
    return back(request, "/family/phone")
