"""Who may move a statement from where, and what is refused."""

from uuid import uuid4

import pytest

from services.settlement import states

HAND, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(("verb", "state"), [(verb, wanted) for verb, (wanted, _) in states.FLOW.items()])
def test_a_verb_fits_one_state_only(verb: str, state: str) -> None:
    every = {wanted for wanted, _ in states.FLOW.values()} | {"reconciled"}
    assert states.refusal(verb, state, [], OTHER) is None
    for wrong in every - {state}:
        assert states.refusal(verb, wrong, [], OTHER) in {"wrong_state", "reopened"}


def test_who_had_a_hand_in_it_does_not_approve_it() -> None:
    assert states.refusal("approve", "confirmed", [None, HAND], HAND) == "same_person"
    assert states.refusal("approve", "confirmed", [None, HAND], OTHER) is None
    assert states.refusal("issue", "approved", [HAND], HAND) is None


def test_an_issued_statement_is_not_opened_again() -> None:
    assert states.refusal("check", "issued", [], OTHER) == "reopened"
    assert states.refusal("check", "checked", [], OTHER) == "wrong_state"


def test_what_can_be_done_in_each_state() -> None:
    assert states.verbs("draft") == ("check",)
    assert states.verbs("checked") == ("confirm", "dispute")
    assert states.verbs("disputed") == ()
    assert states.verbs("reconciled") == ()
    assert [states.may_decide(one) for one in ("draft", "checked", "disputed", "confirmed")] == [
        False,
        True,
        True,
        False,
    ]
