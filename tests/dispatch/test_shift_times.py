"""Shifts out of clock times: nights, breaks with and without times."""

from datetime import date
from uuid import uuid4

import pytest

from core.clock import at_local
from dispatch.roster import times

ON, NEXT = date(2026, 11, 23), date(2026, 11, 24)
WHO = uuid4()


@pytest.mark.parametrize(
    ("starts", "ends", "rest", "breaks"),
    [
        ("08:00", "18:00", (None, None, 0), ()),
        ("08:00", "18:00", ("11:30", "13:00", 60), ((ON, "11:30"), (ON, "13:00"))),
        ("08:00", "18:00", (None, None, 45), ((ON, "08:00"), (ON, "18:00"))),
        ("22:00", "06:00", ("01:00", "03:00", 30), ((NEXT, "01:00"), (NEXT, "03:00"))),
        ("22:00", "06:00", ("23:00", "01:00", 30), ((ON, "23:00"), (NEXT, "01:00"))),
    ],
)
def test_what_is_not_after_the_beginning_is_on_the_next_day(
    starts: str, ends: str, rest: times.Rest, breaks: tuple[tuple[date, str], ...]
) -> None:
    until = at_local(ON if ends > starts else NEXT, ends)
    found = times.shift(WHO, ON, starts, ends, rest)
    assert (found.starts_at, found.ends_at) == (at_local(ON, starts), until)
    assert tuple(at for at in (found.break_from, found.break_to) if at) == tuple(
        at_local(*one) for one in breaks
    )
    assert found.break_minutes == rest[2]
