"""A login typed on another's device without a network: sealed there, opened here, kept nowhere in clear.

The device makes a P-256 key for this once, agrees with ours by ECDH and seals `{login, password}` with
AES-256-GCM under HKDF-SHA256, bound to what is being signed. Our key is derived from the installation's
signing key, so every process of web has the same one and a restart forgets none.
"""

import binascii
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.crypto import Keys
from core.errors import Invalid

_CURVE = ec.SECP256R1()
_ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
_INFO = b"yinling sealed login"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class SealedLogin:
    """What a device sends: its key for this once (uncompressed point), nonce and box, each base64url."""

    key: str
    nonce: str
    box: str


def public_key(keys: Keys) -> bytes:
    """Return the point (uncompressed, 65 bytes) with which devices seal."""
    public = _private(keys).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_(keys: Keys, sealed: SealedLogin, bound_to: str) -> tuple[str, str]:
    """Return (login, password); raise Invalid when it was sealed for something else or is none."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(sealed.key))
        shared = _private(keys).exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), 32, salt=None, info=_INFO).derive(shared)
        text = AESGCM(key).decrypt(_bytes(sealed.nonce), _bytes(sealed.box), bound_to.encode())
        found = json.loads(text)
        return str(found["login"]), str(found["password"])
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        words = "the sealed login cannot be opened"
        raise Invalid(words, [{"field": "second.login", "code": "sealed", "message": words}]) from error


def _private(keys: Keys) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(keys.sign("sealed login", b"P-256"), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def _bytes(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise ValueError("too long")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("no base64") from error
