"""The form of a policy and the drawing of its simulation, without a database."""

from datetime import timedelta

import pytest

from dashboards.web.notices import forms, timeline
from dispatch.simulating import Line
from tests.makers import NOW

GIVEN = {
    "count": "2",
    "audience.0": "operators",
    "wait_seconds.0": "60",
    "audience.1": "contacts",
    "wait_seconds.1": "soon",
    "repeats.1": "2",
    "each_seconds.1": " 45 ",
}
FIRST = {"audience": "operators", "wait_seconds": 60}


def test_a_form_is_read_as_it_stands_and_what_is_no_number_stays_a_text() -> None:
    second = {"audience": "contacts", "wait_seconds": "soon", "channels": ["sms", "voice"]}
    found = forms.steps_of(GIVEN, {"channels.1": ["voice", "sms", "fax"]})
    assert found == [FIRST, {**second, "repeats": 2, "each_seconds": 45}]
    assert forms.steps_of({"count": "many"}, {}) == []


LAST = {"audience": "everyone", "wait_seconds": 300}
NEW = dict(forms.NEW)


@pytest.mark.parametrize(
    ("steps", "what", "left"),
    [
        ([FIRST, LAST], "add", [FIRST, NEW, LAST]),
        ([FIRST, NEW], "add", [FIRST, NEW, NEW]),
        ([], "add", [NEW]),
        ([FIRST] * forms.MOST, "add", [FIRST] * forms.MOST),
        ([FIRST, LAST], "remove.0", [LAST]),
        ([FIRST, LAST], "remove.7", [FIRST, LAST]),
        ([FIRST, LAST], "up.1", [LAST, FIRST]),
        ([FIRST, LAST], "up.0", [FIRST, LAST]),
        ([FIRST, LAST], "simulate", [FIRST, LAST]),
    ],
)
def test_a_button_changes_the_steps(steps: list[object], what: str, left: list[object]) -> None:
    assert forms.done(steps, what) == left  # type: ignore[arg-type]  # what a form holds


def test_a_simulation_is_drawn_with_a_lane_a_person() -> None:
    lines = [
        Line(NOW, 0, "operators", "", "console", "told"),
        Line(NOW + timedelta(minutes=15), 1, "contacts", "son", "voice", "tried"),
        Line(NOW + timedelta(minutes=30), 1, "contacts", "son", "voice", "coming"),
        Line(NOW + timedelta(minutes=30), 1, "contacts", "", "console", "unreached"),
    ]
    drawn = timeline.draw(lines, NOW, timedelta(minutes=30))
    assert [label for label, _ in drawn.lanes] == ["", "son"]
    assert [(one.x, one.tone) for one in drawn.marks] == [
        (170.0, "step"),
        (555.0, "plain"),
        (940.0, "good"),
        (940.0, "bad"),
    ]
    assert drawn.ticks[1] == (298.3, 5)
    assert (drawn.width, drawn.height) == (960, 92)
