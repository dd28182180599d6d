"""What a caller is told next, and why somebody was missed: both sides of each limit."""

from datetime import timedelta

import pytest

from deploy.pretend.twiml import Dial, Gather, Hangup, Pause, Redirect, Say, read
from dispatch.inbound import lines
from dispatch.inbound.queueing import AT_ONCE, LONGEST, WORDS_EVERY, Next, Waiting, missed_because, next_of
from tests.makers import NOW

TICK = timedelta(seconds=1)


def waiting(**given: object) -> Waiting:
    known = {"step": 0, "on_duty": 1, "is_taken": False, "is_rung": False, "manager": False}
    return Waiting(NOW, **{**known, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "after", "expected"),
    [
        ({}, timedelta(), Next.SAY_WAIT),
        ({"step": 1}, timedelta(), Next.WAIT),
        ({"step": WORDS_EVERY}, timedelta(), Next.SAY_WAIT),
        ({"is_taken": True}, timedelta(), Next.DESK),
        ({"is_taken": True, "on_duty": 0}, LONGEST, Next.DESK),
        ({"on_duty": 0}, timedelta(), Next.CALL_BACK),
        ({"on_duty": 0, "manager": True}, timedelta(), Next.MANAGER),
        ({"on_duty": 0, "manager": True, "is_rung": True}, timedelta(), Next.CALL_BACK),
        ({"manager": True}, timedelta(), Next.SAY_WAIT),
        ({"step": 3}, LONGEST - TICK, Next.WAIT),
        ({"step": 3}, LONGEST, Next.CALL_BACK),
    ],
)
def test_what_a_caller_is_told_next(given: dict[str, object], after: timedelta, expected: Next) -> None:
    assert next_of(waiting(**given), NOW + after) == expected


@pytest.mark.parametrize(
    ("given", "after", "expected"),
    [
        ({}, AT_ONCE - TICK, "gave_up_at_once"),
        ({}, AT_ONCE, "gave_up"),
        ({"is_told": True}, LONGEST, "waited_too_long"),
        ({"on_duty": 0}, AT_ONCE, "nobody_on_duty"),
        ({"on_duty": 0, "is_taken": True}, AT_ONCE, "desk_did_not_answer"),
        ({"is_taken": True}, AT_ONCE, "desk_did_not_answer"),
        ({"failed": True, "is_taken": True}, AT_ONCE, "technical"),
    ],
)
def test_why_a_caller_was_missed(given: dict[str, object], after: timedelta, expected: str) -> None:
    known = {"on_duty": 1, "is_taken": False, "is_told": False, "failed": False}
    assert missed_because(NOW, NOW + after, **{**known, **given}) == expected  # type: ignore[arg-type]


def test_the_first_words_say_who_we_are_and_the_others_only_that_one_waits() -> None:
    first = lines.wait("https://x.test/q", is_first=True, is_spoken=True)
    later = lines.wait("https://x.test/q", is_first=False, is_spoken=True)
    silent = lines.wait("https://x.test/q", is_first=False, is_spoken=False)
    assert "120" in first
    assert "120" not in later
    assert [type(one) for one in read(silent)] == [Pause, Redirect]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_call_is_recorded_only_when_told_so(language: str) -> None:
    given = {"action": "https://x.test/a", "leg": "https://x.test/l", "language": language}
    said, plain = read(lines.join("+861", shown="", recording=None, **given))
    told, kept = read(lines.join("+861", shown="+862", recording="https://x.test/r", **given))
    assert isinstance(plain, Dial)
    assert isinstance(kept, Dial)
    assert (plain.record, plain.caller_id) == (False, None)
    assert (kept.record, kept.caller_id) == (True, "+862")
    assert said != told


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_phone_that_did_not_ask_for_the_caller_is_asked_for_a_key_or_put_down(language: str) -> None:
    ask, end = read(lines.screen("https://x.test/screened", language))
    assert isinstance(ask, Gather)
    assert (ask.num_digits, ask.on_empty, len(ask.prompts)) == (1, False, 2)
    assert isinstance(end, Hangup)
    assert [type(one) for one in read(lines.hang_up())] == [Hangup]
    given = {"action": "https://x.test/a", "leg": "https://x.test/l", "shown": ""}
    _, rung = read(lines.join("+861", recording=None, screen="https://x.test/s", **given))
    assert isinstance(rung, Dial)
    assert rung.number.url == "https://x.test/s"


@pytest.mark.parametrize("document", [lines.call_back(), lines.nobody(), lines.bye()])
def test_what_ends_a_call_says_something_and_hangs_up(document: str) -> None:
    assert [type(one) for one in read(document)] == [Say, Hangup]
