"""A login sealed on a tablet as its script seals it, opened here and only for what it was sealed for."""

import json
import os
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.crypto import Keys
from core.errors import Invalid
from core.sealed_logins import SealedLogin, open_, public_key


def spelt(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def sealed(keys: Keys, said: Any, bound: str) -> SealedLogin:
    """Seal as dashboards/static/js/phone/seal.js does."""
    ours, nonce = ec.generate_private_key(ec.SECP256R1()), os.urandom(12)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key(keys))
    key = HKDF(SHA256(), 32, salt=bytes(32), info=b"yinling sealed login").derive(
        ours.exchange(ec.ECDH(), theirs)
    )
    box = AESGCM(key).encrypt(nonce, json.dumps(said).encode(), bound.encode())
    point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return SealedLogin(spelt(point), spelt(nonce), spelt(box))


def test_what_a_tablet_seals_is_opened_by_any_process_with_the_same_keys() -> None:
    keys = Keys.generate()
    box = sealed(keys, {"login": "second", "password": "correct horse"}, "form-1")
    assert open_(keys.with_new_master(), box, "form-1") == ("second", "correct horse")
    assert len(public_key(keys)) == 65


def test_it_opens_for_nothing_else_and_with_no_other_keys() -> None:
    keys = Keys.generate()
    box = sealed(keys, {"login": "second", "password": "correct horse"}, "form-1")
    for other, bound in ((keys, "form-2"), (Keys.generate(), "form-1")):
        with pytest.raises(Invalid, match="cannot be opened"):
            open_(other, box, bound)


@pytest.mark.parametrize(
    "broken",
    [
        SealedLogin("AAAA", "AAAA", "AAAA"),
        SealedLogin("", "", ""),
        SealedLogin("x" * 3000, "AAAA", "AAAA"),
        SealedLogin("A", "AAAA", "AAAA"),
    ],
)
def test_what_is_no_sealed_login_is_refused(broken: SealedLogin) -> None:
    with pytest.raises(Invalid):
        open_(Keys.generate(), broken, "form-1")


def test_a_box_that_holds_something_else_is_refused() -> None:
    keys = Keys.generate()
    for said in ({"login": "only"}, ["a", "list"], 5):
        with pytest.raises(Invalid):
            open_(keys, sealed(keys, said, "form-1"), "form-1")
