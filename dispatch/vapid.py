"""The key by which push services know this installation (RFC 8292): made once, kept beside the other keys."""

import base64
import os
import secrets
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from webpush import WebPush, WebPushSubscription

from core.errors import Failure

FILE = "vapid.pem"


class Pair:
    """The private half signs; browsers are given the public half when they subscribe."""

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> str:
        """The public half as browsers take it: 65 bytes in base64url without padding."""
        raw = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @property
    def private_pem(self) -> bytes:
        """The private half as it is kept: PKCS 8 in PEM."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def authorization(self, origin: str, sender: str, until: datetime) -> str:
        """Return the header for one push service, good until an instant (at most a day ahead)."""
        claims = {"aud": origin, "sub": sender, "exp": int(until.timestamp())}
        return f"vapid t={jwt.encode(claims, self._key, algorithm='ES256')}, k={self.public}"

    def encrypt(self, text: bytes, endpoint: str, p256dh: str, auth: str) -> bytes:
        """Return a message that only one browser can read (RFC 8291); raise ValueError on damaged keys."""
        public = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        writer = WebPush(self.private_pem, BytesIO(public), subscriber="webpush")
        given = {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}
        # Its headers are not used: they leave out the port of `aud`, and take the clock of this machine.
        return bytes(writer.get(text, WebPushSubscription.model_validate(given)).encrypted)


def load(path: Path) -> Pair:
    """Read the key; raise Failure when it is missing, damaged or open to others."""
    try:
        found = path.stat()
    except OSError as error:
        raise Failure(
            f"web push: cannot read {path}: {error.strerror}; `yinling keys push` makes it"
        ) from error
    if found.st_mode & 0o077:
        raise Failure(f"{path} may be read by others: chmod 600 it")
    return _load(path, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, _mark: int) -> Pair:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise Failure(f"web push: {path} is damaged") from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise Failure(f"web push: {path} holds no key of an elliptic curve")
    return Pair(key)


def load_or_create(path: Path) -> Pair:
    """Read the key, or make it (mode 0600) at the first start; two that start at once agree on one."""
    if not path.exists():
        fresh = Pair(generate_private_key(SECP256R1()))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(fresh.private_pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return load(path)
