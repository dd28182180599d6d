from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from devices import thing_models
from dispatch import policy
from dispatch.lowering import LOWERABLE, Lowering, VisitUnderWay, lower
from dispatch.service_items import ITEMS, get
from dispatch.states import CASE_STATES
from tests.makers import NOW

STEPS = list(policy.DEFAULT)
OFFER = timedelta(minutes=2)
GRACE = timedelta(minutes=15)


def test_it_goes_from_consoles_to_the_family_to_everyone_and_the_last_step_repeats() -> None:
    told = [policy.notice(STEPS, step).audience for step in range(9)]
    first = ["operators", "duty_managers", "contacts", "neighbours", "caregivers", "ring"]
    assert told == [*first, "everyone", "everyone", "everyone"]


@given(step=st.integers(0, 1000))
def test_it_never_stops(step: int) -> None:
    found = policy.overdue("raised", None, STEPS, step, OFFER)
    assert found is not None
    assert found.notice.step == step + 1
    assert found.notice.wait > timedelta()
    assert "operator" in found.notice.roles


OVERDUE = [
    ("claimed", None, "idle"),
    ("verified", None, "idle"),
    ("dispatched", "offered", "not_accepted"),
    ("dispatched", "accepted", "not_arrived"),
    ("dispatched", "en_route", "not_arrived"),
    ("on_scene", "in_progress", "not_back"),
]


@pytest.mark.parametrize(("state", "visit", "reason"), OVERDUE)
def test_what_is_overdue_after_the_claim_goes_to_the_duty_manager(
    state: str, visit: str | None, reason: str
) -> None:
    found = policy.overdue(state, visit, STEPS, 0, OFFER)
    assert found is not None
    assert (found.reason, found.notice.audience) == (reason, "duty_managers")


def test_nothing_is_overdue_in_the_states_that_rest() -> None:
    resting = set(CASE_STATES) - {"raised"} - {state for state, _, _ in OVERDUE}
    assert resting == {"resolved", "closed", "shelved", "returned", "out_of_service"}
    assert all(policy.overdue(state, None, STEPS, 0, OFFER) is None for state in resting)


WRONG: list[tuple[list[dict[str, Any]], str]] = [
    ([], "steps"),
    ([{"audience": "nobody", "wait_seconds": 60}], "steps.0.audience"),
    ([{"audience": "operators", "wait_seconds": 0}], "steps.0.wait_seconds"),
    ([{"audience": "operators", "wait_seconds": True}], "steps.0.wait_seconds"),
    ([{"audience": "operators"}], "steps.0.wait_seconds"),
]


@pytest.mark.parametrize(("steps", "field"), WRONG)
def test_a_policy_that_cannot_be_followed_is_refused_naming_the_field(
    steps: list[dict[str, Any]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        policy.check(steps)
    errors: Any = refused.value.extra["errors"]
    assert [one["field"] for one in errors] == [field]


def test_the_default_policy_can_be_followed() -> None:
    policy.check(STEPS)


UNDER_WAY = VisitUnderWay(UUID(int=5), NOW, NOW + timedelta(hours=1), witnessed=True)


def test_motion_door_and_bed_are_lowered_by_a_witnessed_visit_until_planned_end_and_grace() -> None:
    until = UNDER_WAY.planned_end + GRACE
    for alarm_type in LOWERABLE:
        found = lower(alarm_type, NOW + timedelta(minutes=1), [UNDER_WAY], GRACE)
        assert found == Lowering(UNDER_WAY.visit_id, until)
    assert lower("bed_exit", until, [UNDER_WAY], GRACE) is None
    assert lower("bed_exit", NOW - timedelta(seconds=1), [UNDER_WAY], GRACE) is None


def test_everything_else_is_never_lowered() -> None:
    for alarm_type in set(thing_models.alarm_types()) - LOWERABLE | {"sos", "fall", "something_new"}:
        assert lower(alarm_type, NOW, [UNDER_WAY], GRACE) is None


def test_only_types_that_the_domain_lets_a_visit_lower_are_lowered() -> None:
    allowed = {name for name, one in thing_models.alarm_types().items() if one.is_lowered_by_visit}
    assert allowed >= LOWERABLE


def test_every_service_item_has_its_names() -> None:
    assert {"meal", "bath", "clean", "walk", "medical", "emergency"} <= set(ITEMS)
    assert all(item.name("zh_CN") and item.name("en") and item.minutes > 0 for item in ITEMS.values())
    with pytest.raises(Invalid, match="service"):
        get("massage")


def test_an_unwitnessed_visit_lowers_nothing() -> None:
    alone = VisitUnderWay(UUID(int=5), NOW, NOW + timedelta(hours=1), witnessed=False)
    assert lower("bed_exit", NOW, [alone], GRACE) is None


def test_a_case_that_nobody_answers_goes_to_the_next_step() -> None:
    found = policy.overdue("raised", None, STEPS, 0, OFFER)
    assert found == policy.Overdue("unanswered", policy.notice(STEPS, 1))
