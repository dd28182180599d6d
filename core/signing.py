"""The installation's Ed25519 keys for evidence: beside the other keys, never in the database or its backup.

A rotation makes a new key and forgets the secret half of the old one; the public half stays, so that what it
signed can be verified for good. Who verifies needs the public key alone.
"""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import Failure

FILE = "evidence-keys.json"
_GROUP = 8


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as anybody may know it: 32 bytes, in force from `made_at` until `retired_at` (None: still)."""

    number: int
    public: bytes
    made_at: datetime
    retired_at: datetime | None

    @property
    def hex(self) -> str:
        """The key as 64 hexadecimal digits."""
        return self.public.hex()

    @property
    def fingerprint(self) -> str:
        """The key's SHA-256, its first half, in groups: what people compare."""
        return fingerprint(self.public)


class Ring:
    """Every evidence key of the installation, oldest first; the newest signs."""

    def __init__(self, keys: tuple[PublicKey, ...], seed: bytes) -> None:
        self.keys = keys
        self._seed = seed

    @property
    def newest(self) -> PublicKey:
        """The key that signs."""
        return self.keys[-1]

    @classmethod
    def generate(cls, now: datetime) -> Self:
        """Make the first key (in memory)."""
        seed = secrets.token_bytes(32)
        return cls((PublicKey(1, _public(seed), now, None),), seed)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file; raise Failure when it is missing, damaged or open to others."""
        try:
            if path.stat().st_mode & 0o077:
                raise Failure(f"{path} may be read by others: chmod 600 it")
            found = json.loads(path.read_text(encoding="utf-8"))
            ring = cls(tuple(_key(one) for one in found["keys"]), bytes.fromhex(found["seed"]))
            if not ring.keys or _public(ring._seed) != ring.newest.public:
                raise Failure(f"evidence keys: the secret in {path} is not that of its newest key")
        except OSError as error:
            raise Failure(f"evidence keys: cannot read {path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Failure(f"evidence keys: {path} is damaged") from error
        return ring

    @classmethod
    def load_or_create(cls, path: Path, now: datetime) -> Self:
        """Read the file, or make it (mode 0600) at the first start; two that start at once agree on one."""
        if not path.exists():
            draft = _write(path, cls.generate(now))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return cls.load(path)

    @classmethod
    def rotate(cls, path: Path, now: datetime) -> Self:
        """Sign with a new key from now on; the old one's public half stays."""
        old = cls.load(path)
        last, seed = old.newest, secrets.token_bytes(32)
        retired = PublicKey(last.number, last.public, last.made_at, now)
        new = cls((*old.keys[:-1], retired, PublicKey(last.number + 1, _public(seed), now, None)), seed)
        _write(path, new).replace(path)
        return new

    def sign(self, message: bytes) -> bytes:
        """Return the newest key's signature over a message: 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self._seed).sign(message)

    def body(self) -> dict[str, object]:
        """Return what the file holds."""
        keys = [
            {
                "number": one.number,
                "public": one.hex,
                "made_at": one.made_at.isoformat(),
                "retired_at": one.retired_at.isoformat() if one.retired_at else None,
            }
            for one in self.keys
        ]
        return {"keys": keys, "seed": self._seed.hex()}


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether a signature over a message is this key's."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """Return the first half of a key's SHA-256, in groups of eight digits."""
    digits = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def _public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _key(found: Any) -> PublicKey:  # noqa: ANN401 - an entry of a JSON file
    retired = found["retired_at"]
    return PublicKey(
        int(found["number"]),
        bytes.fromhex(found["public"]),
        datetime.fromisoformat(found["made_at"]),
        datetime.fromisoformat(retired) if retired else None,
    )


def _write(path: Path, ring: Ring) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(ring.body(), file)
        file.flush()
        os.fsync(file.fileno())
    return draft
