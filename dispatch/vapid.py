"""The key by which push services know this installation (RFC 8292): made once, kept beside the other keys."""

import base64
import os
import secrets
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02

from core.errors import Failure

FILE = "vapid.pem"


class Pair:
    """The private half signs; browsers are given the public half when they subscribe."""

    def __init__(self, pair: Any) -> None:  # noqa: ANN401 - py_vapid has no types
        self._pair = pair

    @property
    def public(self) -> str:
        """The public half as browsers take it: 65 bytes in base64url without padding."""
        raw = self._pair.public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def authorization(self, origin: str, sender: str, until: datetime) -> str:
        """Return the header for one push service, good until an instant (at most a day ahead)."""
        claims = {"aud": origin, "sub": sender, "exp": int(until.timestamp())}
        return str(self._pair.sign(claims)["Authorization"])


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
        return Pair(Vapid02.from_pem(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise Failure(f"web push: {path} is damaged") from error


def load_or_create(path: Path) -> Pair:
    """Read the key, or make it (mode 0600) at the first start; two that start at once agree on one."""
    if not path.exists():
        fresh = Vapid02()
        fresh.generate_keys()
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(fresh.private_pem())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return load(path)
