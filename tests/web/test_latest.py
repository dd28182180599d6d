"""Live readings of a person card: the newest of each kind, its age, where it goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboards.web.console.latest import Live, latest, trend
from tests.makers import NOW

BED, HALL = UUID(int=1), UUID(int=2)


def minutes(n: float) -> str:
    return (NOW - timedelta(minutes=n)).isoformat()


def row(metric: str, value: float | None, ago: float) -> dict[str, Any]:
    return {"metric": metric, "value": value, "observed_at": NOW - timedelta(minutes=ago)}


def test_the_newest_value_of_each_kind_is_shown_in_order_with_its_room() -> None:
    states = [
        {
            "device_id": BED,
            "values": {
                "occupied": [True, minutes(9)],
                "heart_rate": [71, minutes(0.7)],
                "battery": [9, minutes(1)],
            },
        },
        {
            "device_id": HALL,
            "values": {
                "occupied": [False, minutes(2)],
                "heart_rate": [60, minutes(50)],
                "spo2": [None, minutes(1)],
            },
        },
    ]
    found = latest(states, {BED: "bedroom", HALL: "hall"}, [], NOW)
    assert found == [
        Live("heart_rate", 71, NOW - timedelta(minutes=0.7), None),
        Live("occupied", False, NOW - timedelta(minutes=2), "hall"),
    ]
    assert (found[0].is_stale(NOW), Live("open", True, NOW - timedelta(hours=1), None).is_stale(NOW)) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ([80, 90], [70, 70], "up"),
        ([60], [80], "down"),
        ([72], [70, 72], "steady"),
        ([], [70], None),
        ([70], [], None),
    ],
)
def test_the_last_quarter_of_an_hour_is_compared_with_what_went_before(
    new: list[float], old: list[float], expected: str | None
) -> None:
    rows = [row("heart_rate", value, 5) for value in new] + [row("heart_rate", value, 40) for value in old]
    assert trend([*rows, row("heart_rate", None, 3), row("spo2", 50, 3)], "heart_rate", NOW) == expected


def test_yes_and_no_go_nowhere() -> None:
    assert trend([row("in_bed", 1, 5), row("in_bed", 0, 40)], "in_bed", NOW) is None
