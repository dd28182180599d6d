"""Public ids: they sort by the time they were made, and what is none is nobody's."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id, parse_id


def test_a_new_id_is_a_uuid_of_version_7_that_tells_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(50)]
    after = time.time_ns() // 1_000_000
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert all(before <= one.int >> 80 <= after for one in made)
    assert len(set(made)) == 50


@pytest.mark.parametrize("text", ["", "41", "none", "01930000-0000-7000-8000-00000000000g"])
def test_what_spells_no_id_is_none(text: str) -> None:
    assert parse_id(text) is None


@given(st.uuids())
def test_an_id_is_read_as_it_is_written(one: UUID) -> None:
    assert parse_id(str(one)) == one
