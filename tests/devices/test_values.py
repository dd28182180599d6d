"""What a device measured: checked, kept beside, or refused by name."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound
from devices import rooms, thing_models, values
from devices.messages import MOST_VALUES, Rejected, check_text, key_of

METRICS = thing_models.get("care_bed_v1").metrics
DEEPEST = 31


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


WRONG = [
    ("too many", {f"x{nth}": 1 for nth in range(MOST_VALUES + 1)}, "too_many_values values"),
    ("no name", {"": 1}, "bad_name values"),
    ("a long name", {"x" * 65: 1}, "bad_name values"),
    ("a name with a null", {"a\0b": 1}, "bad_name values"),
    ("a text with a null", {"x": "a\0b"}, "bad_text values.x"),
    ("a null after a backslash", {"x": "\\\0"}, "bad_text values.x"),
    ("a null further in", {"x": [{"y\0": 1}]}, "bad_text values.x"),
    ("nested too deep", {"x": nested(DEEPEST + 1)}, "too_large values.x"),
]


@pytest.mark.parametrize(("said", "reason"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_nobody_could_store_or_read_is_refused_by_name(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected, match=f"^{reason}$"):
        values.check(said, METRICS)


@pytest.mark.parametrize(
    "value", ["C:\\u0000", "\\\\u0000", nested(DEEPEST), {"a": {"b": [True, None]}}, 10**30]
)
def test_what_no_model_names_is_kept_as_it_was_said(value: Any) -> None:
    readings, [(name, text, why)], good = values.check({"x": value}, METRICS)
    assert (readings, good, name, why) == ([], {}, "x", "unknown_name")
    assert json.loads(text) == value


@pytest.mark.parametrize("number", [-1, 301, 1e300, float("inf"), float("nan")])
def test_an_impossible_number_is_kept_and_never_judged(number: float) -> None:
    readings, [(name, _, why)], good = values.check({"heart_rate": number}, METRICS)
    assert (readings, good, name, why) == ([], {}, "heart_rate", "out_of_range")


@given(
    st.dictionaries(
        st.sampled_from([*METRICS, "x", "y"]), st.none() | st.booleans() | st.integers() | st.floats()
    )
)
def test_every_value_is_a_reading_an_extra_absent_or_the_reason_of_a_refusal(said: dict[str, Any]) -> None:
    try:
        readings, extras, good = values.check(said, METRICS)
    except Rejected:
        kinds = {name: type(value) for name, value in said.items() if value is not None and name in METRICS}
        assert any((kind is bool) is not METRICS[name].is_bool for name, kind in kinds.items())
        return
    absent = [name for name, value in said.items() if value is None and name in METRICS]
    assert len(readings) + len(extras) + len(absent) == len(said)
    assert len(readings) == len(good)


def test_a_model_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(NotFound, match=r"no thing model robot_v9; there are .*care_bed_v1"):
        thing_models.get("robot_v9")


@pytest.mark.parametrize(
    ("written", "code"),
    [(None, None), ("  ", None), (" Bed Room ", "bedroom"), ("Toilet", "bathroom"), ("Attic", "attic")],
)
def test_a_room_is_known_by_what_people_write(written: str | None, code: str | None) -> None:
    assert rooms.code_of(written) == code


@pytest.mark.parametrize(
    ("text", "reason"), [("", "missing_field"), ("x" * 6, "too_long"), ("a\0", "bad_text"), ("abcde", None)]
)
def test_a_text_is_one_that_the_database_can_hold(text: str, reason: str | None) -> None:
    if reason is None:
        assert check_text(text, 5, "name") == text
        return
    with pytest.raises(Rejected, match=f"{reason} name"):
        check_text(text, 5, "name")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_message_id_has_one_key(text: str) -> None:
    assert UUID(str(key_of(text))) == key_of(text)
