from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from dispatch.states import CASE, CASE_STATES, VISIT, VISIT_STATES, Table, after, markdown, rows

LIVES = [(CASE, "case", CASE_STATES, "raised"), (VISIT, "visit", VISIT_STATES, "wanted")]


@pytest.mark.parametrize(("table", "noun", "states", "first"), LIVES)
@given(data=st.data())
def test_no_sequence_of_verbs_leaves_the_table(
    table: Table, noun: str, states: tuple[str, ...], first: str, data: st.DataObject
) -> None:
    state = first
    for verb in data.draw(st.lists(st.sampled_from(sorted(table)), max_size=30)):
        if state in table[verb].sources:
            state = after(table, noun, verb, state)
            assert state in states
        else:
            with pytest.raises(Conflict) as refused:
                after(table, noun, verb, state)
            assert refused.value.extra == {"state": state, "verb": verb}


@pytest.mark.parametrize(("table", "states", "first"), [(t, s, f) for t, _, s, f in LIVES])
def test_every_state_is_reached_from_the_first(table: Table, states: tuple[str, ...], first: str) -> None:
    reached, todo = {first}, [first]
    while todo:
        state = todo.pop()
        for step in table.values():
            if state in step.sources and step.to and step.to not in reached:
                reached.add(step.to)
                todo.append(step.to)
    assert reached == set(states)


def test_a_case_may_be_closed_from_every_state_and_stays_closed() -> None:
    assert CASE["close"].sources == set(CASE_STATES) - {"closed"}
    leaving = [verb for verb, step in CASE.items() if "closed" in step.sources]
    assert leaving == ["note"]
    assert CASE["note"].to is None


def test_a_refusal_names_state_and_verb_in_words() -> None:
    with pytest.raises(Conflict, match="cannot check in to a visit that is cancelled") as refused:
        after(VISIT, "visit", "check_in", "cancelled")
    assert refused.value.code == "wrong_state"


def test_the_table_is_published_as_data() -> None:
    assert {"verb": "claim", "from": ["raised", "returned"], "to": "claimed"} in rows(CASE)
    assert {"verb": "check_out", "from": ["in_progress"], "to": "completed"} in rows(VISIT)


def test_the_manual_s_page_is_what_the_code_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "manual" / "states.md"
    assert page.read_text(encoding="utf-8") == markdown()


@pytest.mark.parametrize(
    ("table", "noun", "verb", "state", "to"),
    [(CASE, "case", "claim", "raised", "claimed"), (CASE, "case", "note", "closed", "closed")],
)
def test_a_verb_leads_on_or_leaves_the_state_as_it_is(
    table: Table, noun: str, verb: str, state: str, to: str
) -> None:
    assert after(table, noun, verb, state) == to
