from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import Keys
from core.errors import Failure
from core.ids import new_id, parse_id

KEYS = Keys.generate()
HERE, THERE = new_id(), new_id()


@given(st.text())
def test_what_is_sealed_opens_again_in_its_own_district_only(text: str) -> None:
    sealed = KEYS.seal(HERE, text)
    assert KEYS.open(HERE, sealed) == text
    with pytest.raises(Failure):
        KEYS.open(THERE, sealed)


def test_a_new_master_key_seals_and_the_old_one_still_opens_and_indexes_stay() -> None:
    sealed, index = KEYS.seal(HERE, "x"), KEYS.index(HERE, "phone", "1")
    newer = KEYS.with_new_master()
    assert newer.open(HERE, sealed) == "x"
    assert int.from_bytes(sealed[:2], "big") == KEYS.newest
    assert int.from_bytes(newer.seal(HERE, "x")[:2], "big") == newer.newest == KEYS.newest + 1
    assert newer.index(HERE, "phone", "1") == index != newer.index(THERE, "phone", "1")
    with pytest.raises(Failure, match="master key 2"):
        KEYS.open(HERE, newer.seal(HERE, "x"))


def test_the_key_file_is_private_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    sealed = Keys.load_or_create(path).seal_raw(b"\x00bytes")
    assert Keys.load_or_create(path).open_raw(sealed) == b"\x00bytes"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(Failure, match="chmod 600"):
        Keys.load(path)
    path.chmod(0o600)
    path.write_text("{}")
    with pytest.raises(Failure, match="damaged"):
        Keys.load(path)
    path.unlink()
    with pytest.raises(Failure, match="cannot read"):
        Keys.load(path)


def test_a_signature_is_good_for_its_purpose_only() -> None:
    assert KEYS.sign("a", b"x") == KEYS.sign("a", b"x") != KEYS.sign("b", b"x")


def test_ids_are_version_seven_and_sort_by_time() -> None:
    made = [new_id() for _ in range(100)]
    assert {one.version for one in made} == {7}
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
    assert parse_id("nonsense") is None
    assert parse_id(str(made[0])) == made[0]
