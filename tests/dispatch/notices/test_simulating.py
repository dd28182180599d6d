"""A policy tried on a clock says what the engine would do."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch import policy
from dispatch.simulating import CAST, HORIZON, SCENARIOS, Line, Person, Reaction, simulate
from tests.makers import NOW

SECOND = timedelta(seconds=1)
DEFAULT = [dict(step) for step in policy.DEFAULT]


def told(lines: list[Line]) -> list[tuple[int, str, str, str]]:
    return [(int((one.at - NOW) / SECOND), one.who, one.channel, one.what) for one in lines]


def test_the_products_policy_reaches_everybody_in_turn_and_says_when_nobody_answers() -> None:
    found = told(simulate(DEFAULT, CAST, {}, NOW))
    pages = [at for at, who, _, what in found if (who, what) == ("", "told")]
    assert pages == [0, 60, 120, 300, 420, 540, 660, 960, 1260, 1560]
    assert [one for one in found if one[1] == "relative_1"][:4] == [
        (120, "relative_1", "push", "tried"),
        (140, "relative_1", "sms", "tried"),
        (180, "relative_1", "voice", "tried"),
        (255, "relative_1", "", "told_only"),
    ]
    assert min(at for at, who, *_ in found if who == "relative_2") == 165


def test_who_has_only_a_telephone_is_rung_at_once() -> None:
    people = {"contacts": [Person("daughter", frozenset({"voice"}))]}
    found = [one for one in told(simulate(DEFAULT, people, {}, NOW)) if one[1] == "daughter"]
    assert found[:3] == [
        (120, "daughter", "push", "failed"),
        (120, "daughter", "sms", "failed"),
        (120, "daughter", "voice", "tried"),
    ]


def test_who_presses_2_lets_the_family_sleep_and_gives_ten_minutes() -> None:
    found = told(simulate(DEFAULT, CAST, {"relative_1": Reaction("push", "coming")}, NOW))
    assert (135, "relative_1", "push", "coming") in found
    assert (135, "relative_2", "", "stood_down") in found
    assert [at for at, who, _, what in found if (who, what) == ("", "told")][3] == 135 + 600


def test_a_manager_on_the_way_to_the_console_stops_nothing() -> None:
    nobody = [one for one in told(simulate(DEFAULT, CAST, {}, NOW)) if one[1] == "relative_1"]
    found = told(simulate(DEFAULT, CAST, {"duty_manager": Reaction("push", "coming")}, NOW))
    assert (75, "duty_manager", "push", "coming") in found
    assert [one for one in found if one[1] == "relative_1"] == nobody


def test_who_cannot_come_hurries_the_next_of_the_list() -> None:
    found = told(simulate(DEFAULT, CAST, {"relative_1": Reaction("push", "cannot")}, NOW))
    assert (135, "relative_1", "push", "cannot") in found
    assert (135, "relative_2", "push", "tried") in found


def test_the_last_who_cannot_come_brings_the_next_step_at_once() -> None:
    people = {"contacts": [Person("son")]}
    found = told(simulate(DEFAULT, people, {"son": Reaction("push", "cannot")}, NOW))
    pages = [at for at, who, _, what in found if (who, what) == ("", "told")]
    assert pages[3] == 135
    assert min(late - early for early, late in pairwise(pages[6:])) == 300


def test_who_is_still_being_told_does_not_hurry_anybody_else() -> None:
    steps: list[dict[str, Any]] = [
        {"audience": "everyone", "wait_seconds": 300, "channels": ["voice"]},
    ]
    people = {"contacts": [Person("one"), Person("two")]}
    found = told(simulate(steps, people, {"one": Reaction("voice", "cannot")}, NOW))
    assert [one for one in found if one[0] == 15] == [(15, "one", "voice", "cannot")]


def test_a_step_for_which_there_is_nobody_says_so_and_an_alarm_of_its_own_follows() -> None:
    steps: list[dict[str, Any]] = [
        {"audience": "neighbours", "wait_seconds": 60, "channels": ["sms"]},
        {"audience": "everyone", "wait_seconds": 300, "channels": ["sms"]},
    ]
    found = told(simulate(steps, {}, {}, NOW, timedelta(minutes=12)))
    assert found == [
        (0, "", "console", "told"),
        (0, "", "", "nobody"),
        (60, "", "console", "told"),
        (60, "", "", "nobody"),
        (360, "", "console", "unreached"),
        (360, "", "console", "told"),
        (360, "", "", "nobody"),
        (660, "", "console", "unreached"),
        (660, "", "console", "told"),
        (660, "", "", "nobody"),
    ]


def test_a_policy_of_pages_alone_says_nothing_of_phones() -> None:
    steps: list[dict[str, Any]] = [{"audience": "everyone", "wait_seconds": 300}]
    everyone = {"everyone": [Person("all")]}
    assert {one[3] for one in told(simulate(steps, everyone, {}, NOW))} == {"told"}


@given(st.sampled_from(sorted(SCENARIOS)), st.permutations(DEFAULT[:-1]))
def test_the_pages_never_fall_silent(scenario: str, steps: list[dict[str, Any]]) -> None:
    lines = simulate([*steps, DEFAULT[-1]], CAST, SCENARIOS[scenario], NOW)
    times = [one.at for one in lines if one.what == "told"]
    gaps = [late - early for early, late in zip(times, [*times[1:], NOW + HORIZON], strict=True)]
    assert max(gaps) <= timedelta(minutes=15)
    assert lines == sorted(lines, key=lambda one: one.at)
