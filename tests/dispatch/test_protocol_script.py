"""Scripts: what is wrong with one, line by line; where answers lead."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import protocol_reading
from dispatch.protocol_reading import Wrong
from dispatch.protocol_script import BadAnswer, Script, first, meant, normal, walk

GOOD = """[start]
default = "a"

[node.a]
kind = "yes_no"
zh_CN = "问"
en = "Asked?"
yes = { severity = 1, advise = ["send", "call_120"], next = "b" }
no = { severity = 5, advise = ["close_reassured"] }

[node.b]
kind = "choice"
zh_CN = "选"
en = "Which?"

[[node.b.answers]]
code = "one"
zh_CN = "一"
en = "one"
next = "c"

[[node.b.answers]]
code = "two"
zh_CN = "二"
en = "two"
severity = 2
next = "d"

[node.c]
kind = "number"
zh_CN = "几"
en = "How many?"

[[node.c.answers]]
code = "few"
below = 3
zh_CN = "少"
en = "few"
next = "d"

[[node.c.answers]]
code = "many"
zh_CN = "多"
en = "many"
advise = ["call_family"]
says = { zh_CN = "说", en = "say" }

[node.d]
kind = "text"
zh_CN = "写"
en = "Write"
advise = ["tell_family"]
"""


def script() -> Script:
    found, wrong = protocol_reading.read(GOOD)
    assert wrong == []
    assert found is not None
    return found


def test_answers_lead_from_question_to_question_and_danger_to_life_stands_first() -> None:
    begun = walk(script(), "a", {})
    assert (begun.question, begun.severity, begun.advice, begun.says) == (script().nodes["a"], None, (), {})
    one = walk(script(), "a", {"a": "yes", "b": "one"})
    assert (one.question and one.question.code, one.severity) == ("c", 1)
    assert one.advice == ("call_120", "send")
    done = walk(script(), "a", {"a": "yes", "b": "one", "c": "3"})
    assert (done.question, done.advice) == (None, ("call_120", "send", "call_family"))
    assert done.says == {"zh_CN": "说", "en": "say"}
    assert walk(script(), "a", {"a": "yes", "b": "two"}).severity == 2
    assert done.asked == {"a", "b", "c"}


def test_an_answer_that_fits_no_longer_is_asked_anew_and_what_lies_off_the_path_is_not_counted() -> None:
    gone = walk(script(), "a", {"a": "yes", "b": "three", "c": "2", "d": "x"})
    assert (gone.question and gone.question.code, len(gone.path)) == ("b", 1)
    off = walk(script(), "a", {"a": "no", "b": "two"})
    assert (off.question, off.severity, off.advice) == (None, 5, ("close_reassured",))
    assert walk(script(), None, {"a": "yes"}).path == ()


@pytest.mark.parametrize(
    ("value", "code"), [("2.99", "few"), ("3", "many"), (" 3.5 ", "many"), ("-1", "few")]
)
def test_a_number_falls_into_its_range(value: str, code: str) -> None:
    assert meant(script().nodes["c"], value).code == code


@pytest.mark.parametrize(
    ("node", "value", "code"),
    [
        ("a", "perhaps", "unknown"),
        ("c", "many", "number"),
        ("c", "NaN", "number"),
        ("c", "Infinity", "number"),
        ("c", "1e40", "number"),
        ("c", "1234567890123", "number"),
        ("d", " ", "empty"),
        ("d", "x" * 501, "too_long"),
    ],
)
def test_what_is_no_answer_is_refused(node: str, value: str, code: str) -> None:
    with pytest.raises(BadAnswer) as bad:
        normal(script().nodes[node], value)
    assert bad.value.code == code


def test_values_are_kept_in_one_form() -> None:
    assert normal(script().nodes["c"], " 2.5 ") == "2.5"
    assert normal(script().nodes["c"], "1E1") == "10"
    assert normal(script().nodes["d"], " 红色 ") == "红色"


def test_a_battery_is_not_asked_about_as_a_fall_is() -> None:
    assert first(script(), "sos") == "a"
    assert first(script(), "low_battery", is_care=False) is None


LINES = GOOD.splitlines()


def line(text: str, nth: int = 0) -> int:
    return [number for number, row in enumerate(LINES, 1) if text in row][nth]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (("[start]", "[start"), Wrong("no_toml", 1)),
        (('default = "a"', 'default = "z"'), Wrong("unknown_next", 2, None, "default")),
        (('default = "a"', 'sos = "a"'), Wrong("no_default", 1)),
        (('default = "a"', 'default = "a"\nstorm = "a"'), Wrong("unknown_alarm", 3, None, "storm")),
        (('default = "a"', "default = 1"), Wrong("no_start", 1)),
        (('kind = "yes_no"', 'kind = "guess"'), Wrong("unknown_kind", line('kind = "yes_no"'), "a", "kind")),
        (('kind = "yes_no"\n', ""), Wrong("unknown_kind", line("[node.a]"), "a")),
        (('en = "Asked?"', 'en = " "'), Wrong("missing_en", line("[node.a]"), "a")),
        (('zh_CN = "问"\n', ""), Wrong("missing_zh_cn", line("[node.a]"), "a")),
        (
            ('en = "Asked?"', 'en = "Asked?"\ncolour = "red"'),
            Wrong("unknown_key", line("Asked?") + 1, "a", "colour"),
        ),
        (
            ('en = "Asked?"', 'en = "Asked?"\nhint = { en = "x" }'),
            Wrong("missing_zh_cn", line("[node.a]"), "a"),
        ),
        (('next = "b" }', 'next = "q" }'), Wrong("unknown_next", line("yes = {"), "a", "yes")),
        (('next = "b" }', "next = 4 }"), Wrong("unknown_next", line("yes = {"), "a", "yes")),
        (("severity = 1,", "severity = 9,"), Wrong("bad_severity", line("yes = {"), "a", "yes")),
        (("severity = 1,", "severity = true,"), Wrong("bad_severity", line("yes = {"), "a", "yes")),
        (('"call_120"]', '"pray"]'), Wrong("unknown_advice", line("yes = {"), "a", "yes")),
        (
            ('"close_reassured"]', '"close_reassured"], colour = 1'),
            Wrong("unknown_key", line("no = {"), "a", "colour"),
        ),
        ((', advise = ["close_reassured"]', ""), Wrong("dead_end", line("no = {"), "a", "no")),
        (('severity = 2\nnext = "d"', 'severity = 2\nnext = "a"'), Wrong("loop", line("[node.a]"), "a")),
        (('code = "two"', 'code = "one"'), Wrong("twice", line('code = "one"'), "b", "one")),
        (('code = "two"', 'code = "Two!"'), Wrong("bad_answer_code", line("[node.b]"), "b")),
        (('zh_CN = "二"\n', ""), Wrong("missing_zh_cn", line('code = "two"'), "b", "two")),
        (
            ('code = "two"', 'code = "two"\nbelow = 3'),
            Wrong("unknown_key", line('code = "two"') + 1, "b", "below"),
        ),
        (("below = 3\n", ""), Wrong("bad_range", line('code = "few"'), "c", "few")),
        (
            ('code = "many"', 'code = "many"\nbelow = 9'),
            Wrong("bad_range", line('code = "many"'), "c", "many"),
        ),
        (
            ('says = { zh_CN = "说", en = "say" }', 'says = { en = "say" }'),
            Wrong("missing_zh_cn", line('code = "many"'), "c", "many"),
        ),
        (('en = "Write"', 'en = "Write"\nyes = 1'), Wrong("unknown_key", line("Write") + 1, "d", "yes")),
        (('advise = ["tell_family"]', ""), Wrong("dead_end", line("[node.d]"), "d")),
        (("no = {", "not = {"), Wrong("unknown_key", line("no = {"), "a", "not")),
    ],
)
def test_a_mistake_is_named_with_its_line(change: tuple[str, str], wrong: Wrong) -> None:
    found, mistakes = protocol_reading.read(GOOD.replace(*change, 1))
    assert found is None
    assert wrong in mistakes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_questions"),
        ('[start]\ndefault = "a"\n[node]\n', "no_questions"),
        ('[start]\ndefault = "a"\n[node]\na = 1\n', "no_questions"),
        ('title = 1\n[start]\ndefault = "a"\n', "unknown_key"),
        ("x" * 200_001, "too_long"),
        ("a = " + "[" * 5000, "no_toml"),
        (GOOD.replace("[node.a]", "[node.A-1]"), "bad_code"),
        (re.sub(r"\[\[node.b.answers\]\]\ncode = \"two\".*?\n\n", "", GOOD, flags=re.DOTALL), "no_answers"),
        (GOOD.replace("no = {", "#"), "no_answers"),
        (re.sub(r"\[\[node.b.*(?=\[node.c\])", "answers = [1, 2]\n", GOOD, flags=re.DOTALL), "no_answers"),
    ],
)
def test_what_is_no_script_is_said_so(text: str, code: str) -> None:
    found, mistakes = protocol_reading.read(text)
    assert found is None
    assert code in {one.code for one in mistakes}


def test_a_question_that_nobody_comes_to_and_ranges_in_disorder_are_named() -> None:
    lonely = GOOD + '\n[node.e]\nkind = "text"\nzh_CN = "写"\nen = "Write"\nadvise = ["send"]\n'
    assert protocol_reading.read(lonely)[1] == [
        Wrong("unreachable", lonely.splitlines().index("[node.e]") + 1, "e")
    ]
    third = '[[node.c.answers]]\ncode = "no"\nbelow = 2\nzh_CN = "无"\nen = "none"\nnext = "d"\n\n'
    spoilt = GOOD.replace('[[node.c.answers]]\ncode = "many"', third + '[[node.c.answers]]\ncode = "many"')
    assert [one.code for one in protocol_reading.read(spoilt)[1]] == ["bad_range"]


@given(st.text(max_size=200) | st.text(alphabet=GOOD, max_size=300))
def test_any_text_is_a_script_or_has_mistakes(text: str) -> None:
    found, wrong = protocol_reading.read(text)
    assert (found is None) == bool(wrong)


@given(st.integers(0, len(GOOD)), st.integers(1, 40), st.text(alphabet='[]{}"=\n.abc1', max_size=10))
def test_a_damaged_script_is_judged_not_stumbled_over(at: int, length: int, put: str) -> None:
    damaged = GOOD[:at] + put + GOOD[at + length :]
    found, wrong = protocol_reading.read(damaged)
    assert (found is None) == bool(wrong)
    assert all(one.line is None or 1 <= one.line <= damaged.count("\n") + 1 for one in wrong)
