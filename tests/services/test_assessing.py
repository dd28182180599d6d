"""GB/T 42195-2022: 26 items, 90 points, five grades, and what raises one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from services.assessing import ORDER, Rules, form, score

BEST = {item.code: item.most for item in form().items}
answers = st.fixed_dictionaries({item.code: st.integers(0, item.most) for item in form().items})
adjustments = st.fixed_dictionaries(
    {},
    optional={
        "coma": st.booleans(),
        "dementia": st.booleans(),
        "mental_disorder": st.booleans(),
        "risk_events": st.integers(0, 5),
    },
)


def worth(points: int) -> dict[str, int]:
    """Answer so that the sum is `points`."""
    left, items = points, {}
    for item in form().items:
        items[item.code] = min(item.most, left)
        left -= items[item.code]
    return items


def grade(points: int, rules: Rules | None = None, **changes: Any) -> str:
    return score(worth(points), changes, rules or Rules()).grade


def test_the_form_has_26_items_and_90_points_in_four_groups() -> None:
    assert len(form().items) == 26
    sums = {code: sum(i.most for i in form().items if i.group == code) for code in form().groups}
    assert sums == {"B.1": 32, "B.2": 15, "B.3": 28, "B.4": 15}
    assert sums == {code: most for code, (_, most) in form().groups.items()}
    assert sum(BEST.values()) == form().most == 90


def test_every_option_stands_in_both_languages() -> None:
    for item in form().items:
        assert len(item.options["zh_CN"]) == len(item.options["en"]) == item.most + 1


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (90, "intact"),
        (89, "mild"),
        (66, "mild"),
        (65, "moderate"),
        (46, "moderate"),
        (45, "severe"),
        (30, "severe"),
        (29, "total"),
        (0, "total"),
    ],
)
def test_grades_change_at_the_standards_scores(points: int, expected: str) -> None:
    assert grade(points) == expected


@pytest.mark.parametrize(
    ("points", "rules", "changes", "expected"),
    [
        (90, Rules(), {"coma": True}, "total"),
        (90, Rules(coma_is_total=False), {"coma": True}, "severe"),
        (10, Rules(coma_is_total=False), {"coma": True}, "total"),
        (70, Rules(), {"dementia": True}, "moderate"),
        (70, Rules(), {"mental_disorder": True}, "moderate"),
        (70, Rules(), {"dementia": True, "mental_disorder": True}, "moderate"),
        (70, Rules(), {"risk_events": 1}, "mild"),
        (70, Rules(), {"risk_events": 2}, "moderate"),
        (70, Rules(), {"dementia": True, "risk_events": 2}, "moderate"),
        (70, Rules(raising_rules_add_up=True), {"dementia": True, "risk_events": 2}, "severe"),
        (5, Rules(), {"dementia": True}, "total"),
    ],
)
def test_adjustments_raise_a_grade_as_the_district_says(
    points: int, rules: Rules, changes: dict[str, Any], expected: str
) -> None:
    assert grade(points, rules, **changes) == expected


@given(items=answers, changes=adjustments, add=st.booleans())
def test_no_adjustment_makes_a_grade_better(
    items: dict[str, int], changes: dict[str, Any], *, add: bool
) -> None:
    rules = Rules(raising_rules_add_up=add)
    plain, adjusted = score(items, {}, rules), score(items, changes, rules)
    assert ORDER.index(adjusted.grade) >= ORDER.index(plain.grade)
    assert adjusted.explanation[-1] == {"code": "grade", "grade": adjusted.grade}
    assert adjusted.score == sum(items.values())


@pytest.mark.parametrize(
    ("items", "changes", "field", "code"),
    [
        ({**BEST, "B.1.1": 5}, {}, "items.B.1.1", "range"),
        ({**BEST, "B.3.9": -1}, {}, "items.B.3.9", "range"),
        ({**BEST, "B.3.7": True}, {}, "items.B.3.7", "range"),
        ({**BEST, "B.2.4": "3"}, {}, "items.B.2.4", "range"),
        ({k: v for k, v in BEST.items() if k != "B.4.5"}, {}, "items.B.4.5", "missing"),
        ({**BEST, "B.9.9": 1}, {}, "items.B.9.9", "unknown"),
        (BEST, {"coma": 1}, "adjustments.coma", "type"),
        (BEST, {"risk_events": -1}, "adjustments.risk_events", "range"),
        (BEST, {"mood": True}, "adjustments.mood", "unknown"),
    ],
)
def test_a_wrong_field_is_named(
    items: dict[str, Any], changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        score(items, changes, Rules())
    errors: Any = refused.value.extra["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [(field, code)]
