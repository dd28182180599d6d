"""What comes next for a notice, named case by named case."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.notices import deciding
from dispatch.notices.deciding import End, Next, Send, Tried, Wait, following
from tests.makers import NOW

SECOND = timedelta(seconds=1)
ALL = ("push", "sms", "voice")


CASES: list[tuple[str, str, tuple[Tried, ...], float, Next]] = [
    ("nothing yet", "case", (), 0, Send("push", NOW)),
    ("waits to be sent", "case", (Tried("push", "queued", NOW),), 5, Wait(NOW + 15 * SECOND)),
    ("being sent", "case", (Tried("push", "sending", NOW),), 0, Wait(NOW + 10 * SECOND)),
    ("perhaps at the carrier", "case", (Tried("sms", "sending", NOW),), 59, Wait(NOW + 60 * SECOND)),
    ("perhaps for too long", "case", (Tried("sms", "sending", NOW),), 60, Send("push", NOW + 60 * SECOND)),
    ("sent a moment ago", "case", (Tried("push", "sent", NOW),), 19, Wait(NOW + 20 * SECOND)),
    ("no answer in time", "case", (Tried("push", "sent", NOW),), 20, Send("sms", NOW + 20 * SECOND)),
    (
        "a delivered message is no answer",
        "case",
        (Tried("sms", "delivered", NOW),),
        40,
        Send("push", NOW + 40 * SECOND),
    ),
    ("a visit's news has arrived", "visit", (Tried("push", "delivered", NOW),), 0, End("told")),
    ("in doubt", "case", (Tried("voice", "unknown", NOW),), 74, Wait(NOW + 75 * SECOND)),
    ("talking", "case", (Tried("voice", "answered", NOW),), 89, Wait(NOW + 90 * SECOND)),
    (
        "hung up without a key",
        "case",
        (
            Tried("push", "sent", NOW),
            Tried("sms", "sent", NOW),
            Tried("voice", "answered", NOW, ended_at=NOW),
        ),
        1,
        End("told"),
    ),
    (
        "a number that does not exist",
        "case",
        (Tried("push", "failed", NOW, "no_subscription", is_permanent=True, ended_at=NOW),),
        0,
        Send("sms", NOW),
    ),
    (
        "the carrier was away",
        "case",
        (Tried("sms", "failed", NOW, "carrier_away", ended_at=NOW),),
        1,
        Send("sms", NOW + 10 * SECOND),
    ),
    (
        "the carrier said when",
        "case",
        (Tried("sms", "failed", NOW, "rate_limited", ended_at=NOW, retry_at=NOW + 4 * SECOND),),
        1,
        Send("sms", NOW + 4 * SECOND),
    ),
    (
        "the carrier said in an hour: the next channel",
        "case",
        (Tried("sms", "failed", NOW, "rate_limited", ended_at=NOW, retry_at=NOW + 3600 * SECOND),),
        1,
        Send("push", NOW + SECOND),
    ),
    (
        "the last channel waits, not for an hour",
        "case",
        (
            Tried("push", "sent", NOW),
            Tried("voice", "sent", NOW),
            Tried("sms", "failed", NOW, "rate_limited", ended_at=NOW, retry_at=NOW + 3600 * SECOND),
        ),
        1,
        End("failed"),
    ),
    (
        "the last channel waits for two minutes",
        "case",
        (
            Tried("push", "sent", NOW),
            Tried("voice", "sent", NOW),
            Tried("sms", "failed", NOW, "rate_limited", ended_at=NOW, retry_at=NOW + 120 * SECOND),
        ),
        1,
        Send("sms", NOW + 120 * SECOND),
    ),
    (
        "busy: the next channel, not the same again",
        "case",
        (Tried("voice", "failed", NOW, "busy", ended_at=NOW, was_taken=True),),
        0,
        Send("push", NOW),
    ),
    (
        "away three times",
        "case",
        tuple(Tried("sms", "failed", NOW, "carrier_away", ended_at=NOW) for _ in range(3)),
        0,
        Send("push", NOW),
    ),
    ("a drill hurries nobody", "drill", (Tried("push", "delivered", NOW),), 60, Wait(NOW + 1200 * SECOND)),
    ("a code waits for its receipt", "code", (Tried("sms", "sent", NOW),), 60, Wait(NOW + 600 * SECOND)),
]


@pytest.mark.parametrize(("name", "kind", "tries", "seconds", "expected"), CASES)
def test_what_is_next(name: str, kind: str, tries: tuple[Tried, ...], seconds: float, expected: Next) -> None:
    assert following(kind, ALL, tries, NOW + seconds * SECOND) == expected, name


def test_who_has_no_channel_is_not_reached() -> None:
    assert following("case", (), (), NOW) == End("failed")


@pytest.mark.parametrize(
    ("tries", "state"),
    [
        ((Tried("sms", "sent", NOW),), "failed"),  # no receipt: nobody knows that it arrived
        ((Tried("chat", "sent", NOW),), "told"),  # a group gives no receipts
        ((Tried("sms", "delivered", NOW), Tried("voice", "failed", NOW, "busy")), "told"),
        ((Tried("voice", "failed", NOW, "no_answer"),), "failed"),
    ],
)
def test_what_it_comes_to_when_every_channel_was_tried(tries: tuple[Tried, ...], state: str) -> None:
    assert deciding.outcome(tries) == state


@given(
    st.lists(
        st.builds(
            Tried,
            st.sampled_from(ALL),
            st.sampled_from(["sent", "delivered", "failed", "answered", "unknown"]),
            st.just(NOW),
            is_permanent=st.booleans(),
            was_taken=st.booleans(),
        ),
        max_size=9,
    )
)
def test_it_always_ends_or_says_when(tries: list[Tried]) -> None:
    found = following("case", ALL, tries, NOW + timedelta(hours=1))
    assert isinstance(found, Send | End)


@pytest.mark.parametrize(
    ("answer", "is_staff", "is_spared"),
    [
        ("coming", False, True),
        ("with_them", False, True),
        ("coming", True, False),
        ("cannot", False, False),
        ("seen", False, False),
        (None, False, False),
    ],
)
def test_only_who_is_on_the_way_and_is_no_staff_is_left_alone(
    answer: str | None, *, is_staff: bool, is_spared: bool
) -> None:
    assert deciding.is_left_alone(answer, is_staff=is_staff) == is_spared


@pytest.mark.parametrize(
    ("said", "rung"),
    [
        ({}, ["daughter", "son", "manager"]),
        ({"daughter": "cannot"}, ["son", "manager"]),
        ({"daughter": "cannot", "son": "coming"}, ["manager"]),
        ({"manager": "cannot", "son": "seen"}, ["daughter", "son", "manager"]),
    ],
)
def test_who_cannot_is_not_rung_while_others_are_left(said: dict[str, str], rung: list[str]) -> None:
    people = ["daughter", "son", "manager"]
    assert deciding.to_ring(people, said.get, lambda one: one == "manager") == rung


def test_if_all_cannot_they_are_rung_all_the_same_and_who_comes_is_not() -> None:
    said = {"daughter": "cannot", "son": "coming", "nephew": "cannot"}
    assert deciding.to_ring(list(said), said.get, lambda _: False) == ["daughter", "nephew"]
