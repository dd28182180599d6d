"""Encryption of personal data: keys live in one file outside the database and its backup.

Each district has its own AES-256-GCM key and blind-index key, both derived (HKDF-SHA256) from a master key; a
sealed value starts with the number of the master key, so that `keys rotate` can renew rows one by one.
"""

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import Failure

_NONCE = 12
_KEY = 32
_INSTALLATION = UUID(int=0)
_HEAD = 2


class Keys:
    """The installation's master keys, newest last; sealing uses the newest, opening the one that sealed."""

    def __init__(self, masters: dict[int, bytes], signing: bytes, path: Path | None = None) -> None:
        self._masters = masters
        self._signing = signing
        self._path = path
        self._derived: dict[tuple[int, bytes], bytes] = {}
        self._mark: tuple[int, int] | None = None

    @property
    def newest(self) -> int:
        """The number of the master key that seals."""
        return max(self._masters)

    @classmethod
    def generate(cls) -> Self:
        """Make fresh keys (in memory)."""
        return cls({1: os.urandom(_KEY)}, os.urandom(_KEY))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key file; raise Failure when it is missing, unreadable or open to others."""
        try:
            if path.stat().st_mode & 0o077:
                raise Failure(f"{path} may be read by others: chmod 600 it")
            found = json.loads(path.read_text(encoding="utf-8"))
            masters = {int(number): bytes.fromhex(key) for number, key in found["masters"].items()}
            return cls(masters, bytes.fromhex(found["signing"]), path)
        except OSError as error:
            raise Failure(f"keys: cannot read {path}: {error.strerror}") from error
        except (ValueError, KeyError) as error:
            raise Failure(f"keys: {path} is damaged") from error

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Read the key file, or make it (mode 0600) on the first start."""
        if not path.exists():
            cls.generate().save(path)
        return cls.load(path)

    def save(self, path: Path) -> None:
        """Write the key file, mode 0600, in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        body = {
            "masters": {str(number): key.hex() for number, key in self._masters.items()},
            "signing": self._signing.hex(),
        }
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def with_new_master(self) -> "Keys":
        """Return keys that seal with a new master and still open the old."""
        return Keys({**self._masters, self.newest + 1: os.urandom(_KEY)}, self._signing, self._path)

    def with_newest_only(self) -> "Keys":
        """Return keys that have forgotten every master but the newest."""
        return Keys({self.newest: self._masters[self.newest]}, self._signing, self._path)

    def seal(self, district: UUID, text: str) -> bytes:
        """Encrypt a text for one district."""
        return self._seal(district, text.encode())

    def open(self, district: UUID, sealed: bytes) -> str:
        """Decrypt a text of one district; raise Failure when it is not one."""
        return self._open(district, sealed).decode()

    def seal_raw(self, data: bytes) -> bytes:
        """Encrypt bytes that belong to no district (dead letters)."""
        return self._seal(_INSTALLATION, data)

    def open_raw(self, sealed: bytes) -> bytes:
        """Decrypt what `seal_raw` made."""
        return self._open(_INSTALLATION, sealed)

    def index(self, district: UUID, kind: str, value: str) -> bytes:
        """Return a blind index: equal values of one district are equal, and nothing else can be learnt.

        It hangs on the signing key and not on a master, so that rotation leaves uniqueness intact.
        """
        return hmac.digest(
            self._signing, b"index\0" + district.bytes + kind.encode() + b"\0" + value.encode(), "sha256"
        )

    def sign(self, purpose: str, payload: bytes) -> bytes:
        """Return a MAC over a payload, good for one purpose only (HMAC-SHA256)."""
        return hmac.digest(self._signing, b"sign\0" + purpose.encode() + b"\0" + payload, "sha256")

    def _key(self, number: int, district: UUID) -> bytes:
        found = self._derived.get((number, district.bytes))
        if found is None:
            if number not in self._masters and self._path is not None:
                self._masters = Keys.load(self._path)._masters  # noqa: SLF001 - rotated since this process began
            if number not in self._masters:
                raise Failure(
                    f"keys: the data was sealed with master key {number}, which the key file does not hold"
                )
            found = HKDF(SHA256(), _KEY, salt=None, info=b"seal" + district.bytes).derive(
                self._masters[number]
            )
            self._derived[number, district.bytes] = found
        return found

    def _seal(self, district: UUID, data: bytes) -> bytes:
        self._follow()
        nonce = os.urandom(_NONCE)
        body = AESGCM(self._key(self.newest, district)).encrypt(nonce, data, district.bytes)
        return self.newest.to_bytes(_HEAD, "big") + nonce + body

    def _follow(self) -> None:
        """Take up a new master as soon as the file has one; rotation is about to forget the old."""
        if self._path is None:
            return
        try:
            found = self._path.stat()
        except OSError:
            return
        mark = (found.st_ino, found.st_mtime_ns)
        if mark != self._mark:
            self._masters = {**self._masters, **Keys.load(self._path)._masters}  # noqa: SLF001 - our own kind
            self._mark = mark

    def _open(self, district: UUID, sealed: bytes) -> bytes:
        number, nonce, body = (
            int.from_bytes(sealed[:_HEAD], "big"),
            sealed[_HEAD : _HEAD + _NONCE],
            sealed[_HEAD + _NONCE :],
        )
        try:
            return AESGCM(self._key(number, district)).decrypt(nonce, body, district.bytes)
        except (InvalidTag, ValueError) as error:
            raise Failure("keys: a sealed value cannot be opened with this key file") from error


def digest(text: str) -> bytes:
    """Return the SHA-256 of a random secret (session token, device password)."""
    return hashlib.sha256(text.encode()).digest()


def device_password_salt(name: str) -> bytes:
    """Return the twelve bytes of salt that Mosquitto's password file has for a user."""
    return hashlib.sha256(name.encode()).digest()[:12]


def device_password_hash(name: str, password: str) -> bytes:
    """Return PBKDF2-SHA512 of a device's random password, as Mosquitto keeps it; 192 bits need one round."""
    return hashlib.pbkdf2_hmac("sha512", password.encode(), device_password_salt(name), 1)
