"""What a policy with phones may say, and how each field that cannot be followed is named."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Invalid
from dispatch import policy

SECOND = timedelta(seconds=1)
OPERATORS: dict[str, Any] = {"audience": "operators", "wait_seconds": 60}
FAMILY: dict[str, Any] = {"audience": "contacts", "wait_seconds": 60, "channels": ["voice"]}
EVERYONE: dict[str, Any] = {"audience": "everyone", "wait_seconds": 300, "channels": ["sms"]}

WRONG: list[tuple[str, list[dict[str, Any]], list[tuple[str, str]]]] = [
    ("too long a list", [OPERATORS] * 21, [("steps", "too_many_steps")]),
    ("an hour's gap", [{**OPERATORS, "wait_seconds": 3601}], [("steps.0.wait_seconds", "too_long")]),
    ("a loop", [{**OPERATORS, "next": 0}], [("steps.0.next", "loop")]),
    ("an unknown field", [{**OPERATORS, "colour": "red"}], [("steps.0.colour", "unknown")]),
    ("repeats for ever", [{**OPERATORS, "repeats": 11}], [("steps.0.repeats", "out_of_range")]),
    ("repeats of no number", [{**OPERATORS, "repeats": "2"}], [("steps.0.repeats", "out_of_range")]),
    (
        "too far apart",
        [{**FAMILY, "each_seconds": 601}, EVERYONE],
        [("steps.0.each_seconds", "out_of_range")],
    ),
    ("no list", [{**FAMILY, "channels": "voice"}, EVERYONE], [("steps.0.channels", "not_a_list")]),
    (
        "twice the same",
        [{**FAMILY, "channels": ["sms", "sms"]}, EVERYONE],
        [("steps.0.channels", "not_a_list")],
    ),
    ("no such channel", [{**FAMILY, "channels": ["fax"]}, EVERYONE], [("steps.0.channels", "unknown")]),
    ("a channel that is no text", [{**FAMILY, "channels": [7]}, EVERYONE], [("steps.0.channels", "unknown")]),
    ("phones of the console alone", [{**OPERATORS, "channels": ["sms"]}], [("steps", "gap")]),
    ("an end that may be empty", [OPERATORS, FAMILY], [("steps.1.audience", "gap")]),
    (
        "an audience that is no text",
        [FAMILY, {**EVERYONE, "audience": ["everyone"]}],
        [("steps.1.audience", "unknown")],
    ),
]


@pytest.mark.parametrize(("name", "steps", "expected"), WRONG)
def test_each_field_that_cannot_be_followed_is_named(
    name: str, steps: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        policy.check(steps)
    errors: Any = refused.value.extra["errors"]
    assert [(one["field"], one["code"]) for one in errors] == expected, name


def test_a_channel_that_the_district_cannot_use_is_refused_and_says_what_lacks() -> None:
    with pytest.raises(Invalid) as refused:
        policy.check([FAMILY, EVERYONE], {"push", "sms"})
    errors: Any = refused.value.extra["errors"]
    assert [(one["field"], one["code"], one["lacks"]) for one in errors] == [
        ("steps.0.channels", "lacks_capability", ["keys", "voice"])
    ]
    policy.check([FAMILY, EVERYONE], {"voice", "keys", "sms"})


def test_a_step_without_channels_means_what_it_always_meant() -> None:
    steps = [OPERATORS, {"audience": "everyone", "wait_seconds": 300}]
    policy.check(steps, set())
    assert not policy.pages(steps)
    assert policy.notice(steps, 0).channels == ()


def test_repeats_are_tellings_of_their_own_and_the_last_step_repeats_for_ever() -> None:
    steps = [{**OPERATORS, "repeats": 2}, {**FAMILY, "each_seconds": 45}, EVERYONE]
    told = [policy.notice(steps, number) for number in range(7)]
    assert [one.audience for one in told] == [*["operators"] * 3, "contacts", *["everyone"] * 3]
    assert [one.step for one in told] == list(range(7))
    assert [one.is_last for one in told] == [False] * 4 + [True] * 3
    assert (told[3].each, told[3].channels) == (45 * SECOND, ("voice",))


def test_a_claimed_case_that_stands_still_rings_the_duty_manager_where_phones_are_used() -> None:
    for steps, channels in (([OPERATORS], ()), ([FAMILY, EVERYONE], policy.PHONES)):
        found = policy.overdue("claimed", None, steps, 0, SECOND)
        assert found is not None
        assert (found.notice.audience, found.notice.channels) == ("duty_managers", channels)
