"""What stands before every request: an id, the browser's guards, foreign sites refused, one log line."""

import time
from uuid import uuid4

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import log
from core.errors import Forbidden, Problem
from core.settings import Settings
from dashboards.auth import is_foreign
from dashboards.meters import Meters
from dashboards.problems import respond, unexpected

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
LARGEST = 2 * 1024 * 1024
LISTS = {"/clerk/registers": 40, "/api/v1/register-imports": 40}
"""Where a whole register may be sent, and how many MB of it."""
_DIGITS = 15
GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}


class TooLarge(Problem):
    """The body is larger than anything we ask for."""

    status, code, title = 413, "payload_too_large", "Too large"


def largest(path: str) -> int:
    """Return how many bytes an address may be sent."""
    return LISTS[path] * 1024 * 1024 + LARGEST if path in LISTS else LARGEST


def limited(receive: Receive, most: int = LARGEST) -> Receive:
    """Count what comes in, also when its length was not announced; raise TooLarge."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooLarge("the body is too large")
        return message

    return counted


def _length(headers: Headers) -> int:
    announced = headers.get("content-length", "0")[:_DIGITS]
    return int(announced) if announced.isascii() and announced.isdigit() else 0


class Shield:
    """Pure ASGI, so that a stream passes through untouched."""

    def __init__(self, app: ASGIApp, settings: Settings, meters: Meters) -> None:
        self.app = app
        self.settings = settings
        self.meters = meters
        self.guards = dict(GUARDS)
        if (settings.public_url or "").startswith("https:"):
            self.guards["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity, started, status = uuid4().hex, time.perf_counter(), 0
        structlog.contextvars.bind_contextvars(request_id=identity)

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._head(message, identity)
            await send(message)

        try:
            await self._pass(scope, limited(receive, largest(scope["path"])), guarded)
        except ClientDisconnect:
            log.get().info("request.left")
        except Exception as error:  # noqa: BLE001 - the last door: it is logged and answered here
            if status:
                log.get().error("request.broken", error=type(error).__name__)
                return
            await unexpected(Request(scope), error)(scope, receive, guarded)
        finally:
            self._count(scope, status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if is_foreign(scope["method"], headers, self.settings):
            refused: Problem = Forbidden("a request from another site", code="foreign_origin")
        elif _length(headers) > largest(scope["path"]):
            refused = TooLarge("the body is too large")
        else:
            await self.app(scope, receive, send)
            return
        await respond(Request(scope), refused)(scope, receive, send)

    def _head(self, message: Message, identity: str) -> None:
        headers = MutableHeaders(raw=message["headers"])
        for name, value in self.guards.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Request-ID"] = identity
        message["headers"] = headers.raw

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self.meters.requests.labels(scope["method"], route, str(status)).inc()
        self.meters.seconds.labels(route).observe(seconds)
        log.get().info(
            "request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1)
        )
