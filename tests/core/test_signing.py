import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import signing
from core.errors import Failure
from core.signing import Ring

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def test_the_first_start_makes_the_keys_for_the_owner_alone_and_a_second_start_keeps_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / signing.FILE
    first = Ring.load_or_create(path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Ring.load_or_create(path, NOW + timedelta(days=1)).newest == first.newest


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path, found = tmp_path / signing.FILE, []
    starts = [
        threading.Thread(target=lambda: found.append(Ring.load_or_create(path, NOW).newest)) for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(set(found)) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_signed_is_verified_with_the_public_half_and_nothing_else() -> None:
    ring, other = Ring.generate(NOW), Ring.generate(NOW)
    signature = ring.sign(b"text")
    assert signing.verify(ring.newest.public, signature, b"text")
    assert not signing.verify(ring.newest.public, signature, b"texs")
    assert not signing.verify(other.newest.public, signature, b"text")
    assert not signing.verify(b"short", signature, b"text")


def test_a_rotation_keeps_the_old_public_half_and_forgets_its_secret(tmp_path: Path) -> None:
    path = tmp_path / signing.FILE
    old = Ring.load_or_create(path, NOW)
    new = Ring.rotate(path, NOW + timedelta(days=365))
    assert Ring.load(path).keys == new.keys
    assert [key.number for key in new.keys] == [1, 2]
    assert new.keys[0].public == old.newest.public
    assert new.keys[0].retired_at == NOW + timedelta(days=365)
    assert signing.verify(new.keys[0].public, old.sign(b"x"), b"x")
    assert not signing.verify(old.newest.public, new.sign(b"x"), b"x")


def test_keys_that_are_missing_open_to_others_or_damaged_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / signing.FILE
    with pytest.raises(Failure, match="cannot read"):
        Ring.load(path)
    path.write_text('{"keys": []}')
    path.chmod(0o644)
    with pytest.raises(Failure, match="chmod 600"):
        Ring.load(path)
    path.chmod(0o600)
    with pytest.raises(Failure, match="damaged"):
        Ring.load(path)


def test_a_secret_that_is_not_the_newest_keys_is_refused(tmp_path: Path) -> None:
    path = tmp_path / signing.FILE
    ring, other = Ring.load_or_create(path, NOW), Ring.generate(NOW)
    text = path.read_text()
    path.write_text(text.replace(str(ring.body()["seed"]), str(other.body()["seed"])))
    with pytest.raises(Failure, match="not that of its newest key"):
        Ring.load(path)


def test_a_fingerprint_is_in_groups_that_people_can_compare() -> None:
    # sha256 of 32 zero bytes begins 66687aadf862bd776c8fc18b8e9f8e20
    assert signing.fingerprint(bytes(32)) == "66687aad f862bd77 6c8fc18b 8e9f8e20"
