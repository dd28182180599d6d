import pytest

from devices import codecs
from tests.fuzz import check, seeds

COUNT = 250


def test_every_codec_has_messages_to_begin_with() -> None:
    assert set(seeds.by_ecosystem()) == {*codecs.ECOSYSTEMS, seeds.NATIVE}


@pytest.mark.parametrize("ecosystem", [*sorted(codecs.ECOSYSTEMS), seeds.NATIVE])
def test_whatever_comes_is_something_that_can_be_stored_or_a_refusal_with_a_reason(ecosystem: str) -> None:
    tally = check.run(ecosystem, COUNT, seed=7)
    assert tally.kinds
    assert tally.slowest_s < check.SLOWEST_S
