"""Our own script, walked through whole; and any script, which must come to an end."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import thing_models
from dispatch import protocol_reading, protocol_script
from dispatch.protocol_script import Answer, Node, Script, first, walk
from dispatch.protocol_scripts import OURS

OUR = protocol_reading.read(OURS)[0]
assert OUR is not None
GRAVE = {
    ("conscious", "no"),
    ("apnoea_answered", "no"),
    ("vital_believed", "yes"),
    ("red_flags", "chest_pain"),
    ("red_flags", "breathless"),
    ("red_flags", "stroke"),
    ("red_flags", "bleeding"),
    ("red_flags", "self_harm"),
    ("fall_hurt", "head"),
    ("fall_hurt", "thinner"),
    ("fall_hurt", "hip"),
    ("co_answered", "no"),
    ("co_ill", "yes"),
}
"""After these answers 120 is the first thing to do, whatever else was said."""


def paths(script_: Script, code: str | None) -> Iterator[list[tuple[str, str, str]]]:
    """Yield every way through a script as (question, code of the answer, a value that means it)."""
    node = script_.nodes.get(code or "")
    if node is None:
        yield []
        return
    low = Decimal(-1)
    for answer in node.answers:
        value = {"number": f"{low + Decimal('0.5'):f}", "text": "x"}.get(node.kind, answer.code)
        low = answer.below if answer.below is not None else low
        for rest in paths(script_, answer.next):
            yield [(node.code, answer.code, value), *rest]


def test_ours_has_a_way_for_every_alarm_of_a_home_and_ends_in_both_languages_everywhere() -> None:
    assert OUR is not None
    care = {name for name, kind in thing_models.alarm_types().items() if kind.class_ == "care"}
    assert {first(OUR, name) is not None for name in care} == {True}
    grave = {"sos", "fall", "smoke", "gas", "co", "heart_rate", "respiration_rate", "apnoea", "wandering"}
    assert grave <= OUR.start.keys()


@pytest.mark.parametrize("alarm_type", sorted(OUR.start))
def test_ours_leads_every_way_to_its_end_and_danger_to_life_calls_an_ambulance_first(alarm_type: str) -> None:
    assert OUR is not None
    for way in paths(OUR, OUR.start[alarm_type]):
        end = walk(OUR, OUR.start[alarm_type], {node: value for node, _, value in way})
        assert end.question is None
        assert [step.answer.code for step in end.path] == [code for _, code, _ in way]
        assert end.severity is not None, way
        assert end.advice, way
        if GRAVE & {(node, code) for node, code, _ in way}:
            assert (end.advice[0], end.severity) == ("call_120", 1), way


def test_ours_fits_a_hand_of_keys() -> None:
    assert OUR is not None
    assert max(len(node.answers) for node in OUR.nodes.values()) <= protocol_reading.MOST_ANSWERS


codes = st.sampled_from(["a", "b", "c", "d", "e"])


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    """Draw any script, with loops and loose ends."""
    nodes = {}
    for code in draw(st.lists(codes, unique=True, min_size=1)):
        answers = tuple(
            Answer(str(nth), {}, draw(st.none() | st.integers(1, 5)), draw(st.none() | codes))
            for nth in range(draw(st.integers(1, 3)))
        )
        nodes[code] = Node(code, "choice", {}, answers)
    return Script({"default": draw(codes)}, nodes)


@given(scripts(), st.dictionaries(codes, st.sampled_from(["0", "1", "2", "x"])))
def test_no_script_and_no_answers_make_the_walk_run_for_ever(drawn: Script, answers: dict[str, str]) -> None:
    found = walk(drawn, drawn.start["default"], answers)
    assert len(found.path) <= len(drawn.nodes)
    for step, after in zip(found.path, found.path[1:], strict=False):
        assert step.answer.next == after.node.code
    given_ = [step.answer.severity for step in found.path if step.answer.severity is not None]
    assert found.severity == (given_[-1] if given_ else None)


def test_ours_is_read_from_the_file_beside_the_reader() -> None:
    assert Path(protocol_script.__file__).with_suffix(".toml").read_text(encoding="utf-8") == OURS
