"""A pretended push service on loopback, and the browser behind it: it decrypts what it is sent (RFC 8291)."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


def derive(length: int, salt: bytes, info: bytes, secret: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def decrypt(key: ec.EllipticCurvePrivateKey, body: bytes) -> bytes:
    """Open a message of one record (RFC 8188, 2.1: salt, record size, key; RFC 8291, 3.4)."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    ours = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = derive(32, SECRET, b"WebPush: info\0" + ours + sender, key.exchange(ec.ECDH(), theirs))
    opener = AESGCM(derive(16, salt, b"Content-Encoding: aes128gcm\0", shared))
    padded = opener.decrypt(derive(12, salt, b"Content-Encoding: nonce\0", shared), record, None)
    text, mark, rest = padded.rpartition(b"\2")
    assert (mark, rest.strip(b"\0")) == (b"\2", b"")
    return text


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
        found: dict[str, str] = json.loads(decrypt(self.key, body))
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
