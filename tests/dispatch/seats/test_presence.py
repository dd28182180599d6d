"""Whether somebody is at a console."""

from datetime import timedelta

import pytest

from dispatch.seats.presence import is_away
from tests.makers import NOW

M = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seen", "claimed", "has_session", "away"),
    [
        (None, -30, True, False),  # works through the API
        (None, -30, False, True),
        (None, -4, False, False),
        (-1, -30, False, False),
        (-5, -30, True, True),
        (-4.9, -30, True, False),
        (-30, -2, True, False),  # has just claimed: that is a sign of life
    ],
)
def test_who_was_seen_or_claimed_within_five_minutes_is_there(
    seen: float | None, claimed: float, *, has_session: bool, away: bool
) -> None:
    at = NOW + seen * M if seen is not None else None
    assert is_away(at, NOW + claimed * M, NOW, has_session=has_session) is away
