"""Whether somebody is at a console: pure."""

from datetime import datetime, timedelta

FRESH = timedelta(seconds=45)
"""A console says every 15 seconds that it is open; after three that are missing it is not."""
AWAY = timedelta(minutes=5)
"""How long who has a case may be at no console before the duty managers are told."""


def is_away(seen_at: datetime | None, claimed_at: datetime, now: datetime, *, has_session: bool) -> bool:
    """Say whether who has a case has left it: logged off, or no console of theirs open, for AWAY.

    Who never opened a console works through the API, and is there as long as a session lives.
    """
    if seen_at is None:
        return not has_session and now - claimed_at >= AWAY
    return now - max(seen_at, claimed_at) >= AWAY
