"""Push subscriptions: the browsers that are told, of the person themself."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints

from dashboards import pushing
from dashboards.api.shapes import EVERYBODY, Given, Page, Shape, shape_of
from dashboards.api.visit_shapes import Made
from dashboards.auth import Guarded, Scope, allow
from dispatch import push_subscriptions, vapid

router = APIRouter(prefix="/api/v1/push-subscriptions", tags=["push-subscriptions"], route_class=Guarded)
Anybody = Annotated[Scope, allow(*EVERYBODY)]
Family = Annotated[Scope, allow("family")]
Endpoint = Annotated[str, StringConstraints(min_length=10, max_length=1000)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,120}={0,2}$")]


class BrowserKeys(Given):
    """The browser's public key and secret, base64url (RFC 8291)."""

    p256dh: Key
    auth: Key


class NewPushSubscription(Given):
    """What `PushSubscription.toJSON()` gives."""

    endpoint: Endpoint
    keys: BrowserKeys
    expirationTime: float | None = Field(None, description="as the browser says; not looked at")  # noqa: N815 - its name in the standard


class PushSubscription(Shape):
    """A browser that is told: `taken_at` by its push service, `received_at` as the browser says itself."""

    id: UUID
    device: str
    created_at: datetime
    renewed_at: datetime
    taken_at: datetime | None
    received_at: datetime | None
    failed_at: datetime | None
    failed_code: str | None


class Endpointed(Given):
    """Which browser."""

    endpoint: Endpoint


class Tried(Shape):
    """What a test message came to: `sent`, or why not."""

    code: str


class PublicKey(Shape):
    """The key that `PushManager.subscribe` wants as `applicationServerKey`."""

    public: str


@router.get("")
async def list_(scope: Anybody) -> Page[PushSubscription]:
    """List the person's own browsers, the newest first."""
    rows = await push_subscriptions.of_account(scope.conn, scope.person.account_id)
    return Page(items=[shape_of(PushSubscription, row) for row in rows], next=None)


@router.get("/key")
async def key(scope: Anybody) -> PublicKey:
    """Give the public key of this installation."""
    return PublicKey(public=vapid.load_or_create(scope.settings.vapid_path).public)


@router.post("", status_code=201)
async def keep(given: NewPushSubscription, request: Request, scope: Anybody) -> Made:
    """Keep this browser; the same one again is the same subscription."""
    agent = request.headers.get("user-agent", "")
    keys = given.keys
    return Made(id=await pushing.keep(scope, given.endpoint, keys.p256dh, keys.auth, agent))


@router.post("/withdraw", status_code=204)
async def withdraw(given: Endpointed, scope: Anybody) -> None:
    """Forget one of the person's browsers."""
    await push_subscriptions.withdraw(scope.conn, given.endpoint, scope.person, scope.now)


@router.post("/{push_subscription_id}/test")
async def test(push_subscription_id: UUID, request: Request, scope: Family) -> Tried:
    """Send a test message to one of the person's browsers."""
    await pushing.test(request, scope, push_subscription_id, lambda code: JSONResponse({"code": code}))
    return Tried(code="sent")  # kept for a repetition by its key; the answer above says how it went
