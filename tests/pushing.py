"""A pretended push service on loopback, and the browser behind it: it decrypts what it is sent (RFC 8291)."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.ids import new_id
from tests.pretending import listening

SECRET = b"sixteen bytes 16"


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class PushService:
    """Takes messages for one browser; answers with `status` until it is changed."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    address: str = ""

    @property
    def endpoint(self) -> str:
        return f"{self.address}/to/a-browser"

    def subscription(self) -> dict[str, Any]:
        """Return what the browser's PushManager would give, as a row of ours."""
        raw = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": text_of(raw), "auth": text_of(SECRET)}
        return {"id": new_id(), "district_id": new_id(), "endpoint": self.endpoint, **keys}

    def read(self, nth: int = -1) -> dict[str, str]:
        """Decrypt a message as the browser does."""
        body = self.taken[nth][1]
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=SECRET, version="aes128gcm")
        found: dict[str, str] = json.loads(plain)
        return found

    async def take(self, request: Request) -> Response:
        self.taken.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status, headers=self.headers)


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """Run a push service on a free port."""
    service = PushService()
    app = Starlette(routes=[Route("/to/a-browser", service.take, methods=["POST"])])
    async with listening(app) as address:
        service.address = address
        yield service
