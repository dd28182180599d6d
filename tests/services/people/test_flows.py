from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid
from services.applications import flows
from services.applications.flows import Flow

TWO = {
    "stages": [
        {"code": "accept", "roles": ["clerk"], "days": 5},
        {"code": "decide", "roles": ["approver"], "days": 10},
    ]
}


def flow(**more: object) -> Flow:
    return flows.read({**TWO, **more})


def test_the_flows_of_the_product_can_be_read() -> None:
    stages = {name: [stage.code for stage in one.stages] for name, one in flows.known().items()}
    assert stages == {
        "simple": ["accept", "decide"],
        "three_stages": ["town", "federation", "civil_affairs"],
        "two_stages": ["town", "civil_affairs"],
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stages": TWO["stages"][:1]}, "stages"),
        ({"stages": [TWO["stages"][0], TWO["stages"][0]]}, "flow"),
        ({**TWO, "documents": ["a_poem"]}, "flow"),
        ({**TWO, "start": "whenever"}, "start"),
        (
            {"stages": [{"code": "accept", "roles": ["auditor"], "days": 5}, TWO["stages"][1]]},
            "stages.0.roles.0",
        ),
        ("simple", "flow"),
    ],
)
def test_a_flow_that_cannot_be_taken_is_refused_by_field(wrong: object, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        flows.read(wrong)
    errors = refused.value.extra["errors"]
    assert errors[0]["field"] == field  # type: ignore[index]


def test_five_working_days_from_a_saturday_end_on_friday() -> None:
    """2026-11-21 is a Saturday: Monday 23 is the first of five working days, Friday 27 the fifth."""
    assert flows.due_on(date(2026, 11, 21), 5) == date(2026, 11, 27)


def test_working_days_pass_over_the_national_holiday() -> None:
    """2026: 1 to 7 October are free, Saturday the 10th is worked: 30 September + 3 is 8, 9, 10 October."""
    assert flows.due_on(date(2026, 9, 30), 3) == date(2026, 10, 10)


@given(st.dates(date(2024, 1, 1), date(2026, 11, 1)), st.integers(0, 30))
def test_a_longer_stage_never_ends_earlier(since: date, days: int) -> None:
    assert since <= flows.due_on(since, days) < flows.due_on(since, days + 1)
    assert flows.due_on(since, days) >= since + timedelta(days=days)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("application_month", date(2026, 10, 1)),
        ("next_month", date(2026, 12, 1)),
        ("decision_day", date(2026, 11, 3)),
    ],
)
def test_what_is_paid_first_follows_the_rule(rule: str, first: date) -> None:
    assert flows.starts_on(flow(start=rule), date(2026, 10, 28), date(2026, 11, 3)) == first


def test_every_missing_document_is_named() -> None:
    asked = flow(documents=["id_card", "bank_card", "photo"])
    assert flows.missing(asked, ["bank_card"]) == ["id_card", "photo"]
    with pytest.raises(Invalid, match="missing id_card, photo") as refused:
        flows.check_documents(asked, ("bank_card",))
    errors = refused.value.extra["errors"]
    assert [one["document"] for one in errors] == ["id_card", "photo"]  # type: ignore[attr-defined]
    flows.check_documents(asked, ("id_card", "bank_card", "photo"))


def test_a_stage_is_for_its_role_and_the_last_for_a_second_person() -> None:
    clerk, approver = uuid4(), uuid4()
    acted: dict[str, UUID] = {"accept": clerk}
    flows.check_actor(flow(), 0, "clerk", clerk, {})
    flows.check_actor(flow(), 1, "approver", approver, acted)
    with pytest.raises(Conflict) as other:
        flows.check_actor(flow(), 0, "approver", approver, {})
    assert other.value.code == "other_role"
    with pytest.raises(Conflict) as refused:
        flows.check_actor(flow(), 1, "approver", clerk, acted)
    assert refused.value.code == "same_person"
