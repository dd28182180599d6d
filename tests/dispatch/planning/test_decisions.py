from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from core.ids import new_id
from dispatch.planning import breaches, chains, changes, promises, triggers
from dispatch.planning.shapes import Asked, Planned
from dispatch.planning.spread import Movable, spread
from dispatch.roster.fitness import CaregiverFacts, Leave, Shift
from tests.dispatch.plan_days import ON, at, carer, day, given_to, span, visit

MOVED = timedelta(minutes=15)


def seat(one: Asked, who: CaregiverFacts | None, start: str = "9:00", nth: int = 0, **why: Any) -> Planned:
    if who is None:
        return Planned(one.visit_id, 0, None, None, None, None, None, None, why)
    begins = at(start)
    ends = begins + timedelta(minutes=one.minutes)
    return Planned(one.visit_id, nth, who.caregiver_id, 0, begins, ends, 60, 0, why)


def codes(reasons: Any) -> list[str]:
    return [one["code"] for one in reasons]


ANNA, BERTA = carer("anna"), carer("berta")


def test_a_promise_is_broken_by_another_person_another_time_or_nobody() -> None:
    one = given_to(visit(), ANNA, "9:00")
    assert promises.broken([one], [seat(one, ANNA, "9:15")], MOVED) == []
    later = promises.broken([one], [seat(one, BERTA, "9:16")], MOVED)
    assert codes(later) == ["caregiver", "time"]
    assert (later[0]["to"], later[1]["minutes"]) == (str(BERTA.caregiver_id), 16.0)
    assert codes(promises.broken([one], [seat(one, None)], MOVED)) == ["dropped"]
    assert promises.broken([replace(one, promised_at=None)], [seat(one, None)], MOVED) == []
    alone = replace(one, planned_start=None, caregiver_id=None)
    assert codes(promises.broken([alone], [seat(alone, None)], MOVED)) == ["dropped"]
    pair = replace(one, companion_id=BERTA.caregiver_id)
    assert promises.broken([pair], [seat(pair, ANNA)], MOVED)[0]["to"] is None


def test_what_a_plan_changes_has_the_verb_of_the_visits_life() -> None:
    wanted, same = visit(), given_to(visit(), ANNA, "9:00")
    moved, other, gone = (given_to(visit("13:00", "15:00"), ANNA, "13:00") for _ in range(3))
    facts = day([wanted, same, moved, other, gone], [ANNA, BERTA])
    plan = [
        seat(wanted, BERTA, "9:30"),
        seat(same, ANNA),
        seat(moved, ANNA, "14:00"),
        seat(other, BERTA, "13:00"),
        seat(gone, None, reason={"code": "no_room"}),
    ]
    found = changes.decide(facts, plan)
    assert {one.visit.visit_id: one.verb for one in found.changes} == {
        wanted.visit_id: "offer",
        moved.visit_id: "retime",
        other.visit_id: "hand_over",
        gone.visit_id: "take_back",
    }
    assert found.left_out == []


def test_what_nobody_makes_keeps_its_reason_and_what_stands_is_not_taken_back() -> None:
    wanted = visit()
    kept = given_to(visit(), ANNA, "9:00")
    found = changes.decide(
        day([wanted, kept], [ANNA]), [seat(wanted, None, a=1), seat(kept, None, reason={"code": "kept"})]
    )
    assert (found.changes, found.unserved) == ([], [(wanted.visit_id, {"a": 1})])


@pytest.mark.parametrize(
    ("one", "start", "who", "code"),
    [
        (visit(held="quota"), "9:00", ANNA, "held"),
        (visit(absent="hospital"), "9:00", ANNA, "held"),
        (visit(), "12:00", ANNA, "outside_window"),
        (visit(staff=2), "9:00", ANNA, "partner_missing"),
        (visit(), "9:00", carer("stranger"), "left"),
        (visit(skill="adapt"), "9:00", ANNA, "no_skill"),
        (visit("19:00", "20:00"), "19:00", ANNA, "off_shift"),
        (given_to(visit(), BERTA, "9:00", is_pinned=True), "9:30", ANNA, "no_longer_open"),
    ],
)
def test_what_no_longer_holds_is_left_out_by_name(
    one: Asked, start: str, who: CaregiverFacts, code: str
) -> None:
    found = changes.decide(day([one], [ANNA, BERTA]), [seat(one, who, start)])
    assert (found.changes, codes(found.left_out)) == ([], [code])


def test_what_is_over_or_gone_is_left_out() -> None:
    one, gone = visit(), visit()
    facts = day([one], [ANNA], now=at("9:30"))
    found = changes.decide(facts, [seat(one, ANNA), seat(gone, ANNA), seat(visit(), None)])
    assert sorted(codes(found.left_out)) == ["no_longer_open", "too_late"]


def test_nobody_is_sent_to_two_places_at_once() -> None:
    standing = given_to(visit("9:00", "9:30"), ANNA, "9:00", is_pinned=True)
    one, other, free = visit(), visit("10:00", "12:00"), visit("11:00", "12:00")
    plan = [seat(one, ANNA, "9:30"), seat(other, ANNA, "10:00"), seat(free, ANNA, "11:00")]
    found = changes.decide(day([standing, one, other, free], [ANNA]), plan)
    assert {one.visit.visit_id for one in found.changes} == {other.visit_id, free.visit_id}
    assert [(gone["visit_id"], gone["with"]) for gone in found.left_out] == [
        (str(one.visit_id), str(standing.visit_id))
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(480, 960), st.booleans()), max_size=8))
def test_whatever_is_planned_no_person_is_in_two_places(starts: list[tuple[int, bool]]) -> None:
    visits = [visit("8:00", "18:00") for _ in starts]
    plan = [
        seat(one, ANNA if is_anna else BERTA, f"{minute // 60}:{minute % 60}")
        for one, (minute, is_anna) in zip(visits, starts, strict=True)
    ]
    found = changes.decide(day(visits, [ANNA, BERTA]), plan)
    assert len(found.changes) + len(found.left_out) == len(visits)
    for who in (ANNA, BERTA):
        mine = sorted(
            one.starts_at for one in found.changes if one.people == (who.caregiver_id,) and one.starts_at
        )
        assert all(after - before >= timedelta(hours=1) for before, after in pairwise(mine))


def test_windows_are_cut_merged_and_kept() -> None:
    room = [span("9:30", "10:00"), span("9:50", "11:30"), span("14:00", "13:00")]
    assert chains.within([span("9:00", "11:00")], room) == (span("9:30", "11:00"),)
    lead, follower = visit("9:00", "10:00"), visit("18:00", "19:00", follows=(new_id(), 10, 20))
    assert chains.foresighted(lead, [follower]) == lead.windows


def test_long_chains_and_doubles_wait_and_unknown_leads_do_not() -> None:
    first = visit()
    second = visit(follows=(first.visit_id, 60, 90))
    third = visit(follows=(second.visit_id, 60, 90))
    stray = visit(follows=(new_id(), 60, 90))
    found = chains.link([first, second, third, stray], {})
    assert found.pairs == {}
    assert found.waiting == {second.visit_id: first.visit_id, third.visit_id: second.visit_id}
    assert chains.link([first, second], {first.visit_id: at("9:00")}).waiting == {}


def test_a_movable_visit_gets_the_day_with_most_room_the_least_patient_first() -> None:
    days = [ON + timedelta(days=n) for n in range(3)]
    room = {days[0]: (400.0, 480.0), days[1]: (100.0, 480.0), days[2]: (0.0, 0.0)}
    asked = [Movable(new_id(), 60, days[2]), Movable(new_id(), 60, days[0])]
    assert list(spread(asked, room).values()) == [days[0], days[1]]
    past = Movable(new_id(), 60, date(2020, 1, 1))
    assert spread([past], room) == {past.visit_id: days[1]}


NINE = at("9:00").isoformat()
WHO = str(ANNA.caregiver_id)


def test_a_trigger_changes_the_day_it_is_applied_to() -> None:
    one = visit()
    facts = day([one], [ANNA, BERTA])
    assert triggers.apply(facts, {}) is facts
    assert triggers.apply(facts, {"kind": "cancelled", "visit_id": str(one.visit_id)}).visits == ()
    ill = triggers.apply(
        facts, {"kind": "sick", "caregiver_id": WHO, "from": NINE, "to": at("18:00").isoformat()}
    )
    assert ill.caregivers[0].leaves == (Leave(at("9:00"), at("18:00"), "sick"),)
    assert not ill.caregivers[1].leaves
    assert ill.released == {ANNA.caregiver_id}
    late = triggers.apply(facts, {"kind": "late", "caregiver_id": WHO, "minutes": 60.0, "at": NINE})
    assert late.late == {ANNA.caregiver_id: at("10:00")}
    elsewhere = triggers.apply(facts, {"kind": "emergency"})  # the book of routes has moved what it moves
    assert (elsewhere.visits, elsewhere.caregivers) == (facts.visits, facts.caregivers)


def test_a_trigger_says_its_day_and_its_span() -> None:
    late = triggers.read({"kind": "late", "caregiver_id": WHO, "minutes": 5}, at("9:00"))
    assert late == {"kind": "late", "caregiver_id": WHO, "minutes": 5.0, "at": NINE}
    assert (triggers.first_day(late, at("9:00")), triggers.span(late, at("9:00"))) == (ON, None)
    off = triggers.read({"kind": "cancelled", "visit_id": WHO, "on": "2026-12-01"}, at("9:00"))
    assert triggers.first_day(off, at("9:00")) == date(2026, 12, 1)
    away = {"kind": "leave", "caregiver_id": WHO, "from": NINE, "to": at("30:00").isoformat()}
    known = triggers.read({**away, "is_noted": True}, at("9:00"))
    assert known["is_noted"]
    assert triggers.first_day(known, at("0:00")) == ON
    assert triggers.span(known, at("12:00")) == (at("12:00"), at("30:00"))
    with pytest.raises(Invalid, match="zone"):
        triggers.read({**away, "to": "2026-11-23T10:00"}, at("9:00"))


def broken_by(
    one: Asked, who: CaregiverFacts, start: str, others: list[Asked], minutes: float = 10.0, **given_: Any
) -> list[Any]:
    facts = day([one, *others], [ANNA, BERTA, who], **given_)
    return breaches.find(facts, one, who, at(start), lambda _, __: minutes)


def test_a_move_that_fits_breaks_nothing() -> None:
    one = given_to(visit(), ANNA, "9:00")
    before = given_to(visit("8:00", "9:00", minutes=30), ANNA, "8:20")
    behind = given_to(visit("11:00", "12:00"), ANNA, "11:00")
    assert broken_by(one, ANNA, "9:10", [before, behind]) == []


def test_a_move_says_in_numbers_what_it_breaks() -> None:
    one = given_to(visit(), BERTA, "9:00")
    before, at_once = given_to(visit(), ANNA, "8:00"), given_to(visit(), ANNA, "10:30")
    near = given_to(visit(), ANNA, "12:05")
    found = broken_by(one, ANNA, "11:03", [before, at_once, near], now=at("11:05"))
    assert codes(found) == [
        "past",
        "outside_window",
        "overlap",
        "travel",
        "promise_caregiver",
        "promise_time",
    ]
    assert found[2]["minutes"] == 27.0
    assert (found[3]["needs_min"], found[3]["free_min"]) == (10.0, 2.0)
    assert (found[1]["minutes"], found[1]["early"]) == (3.0, False)
    early = broken_by(visit(skill="adapt"), ANNA, "8:50", [])
    assert (codes(early), early[1]["early"]) == (["no_skill", "outside_window"], True)
    late = broken_by(visit(), ANNA, "9:05", [before])
    assert codes(late) == ["travel"]


def test_a_move_says_when_the_break_has_no_room() -> None:
    rest = Shift(at("8:00"), at("18:00"), new_id(), at("11:00"), at("12:00"), 45)
    off = Shift(at("19:00"), at("20:00"), new_id(), at("19:00"), at("20:00"), 45)
    who = carer(shifts=(rest, off, Shift(at("21:00"), at("22:00"), new_id())))
    found = broken_by(visit("9:00", "12:00"), who, "11:10", [])
    assert found == [{"code": "break", "needs_min": 45, "free_min": 10.0}]
    assert broken_by(visit("9:00", "12:00"), who, "9:10", []) == []


def test_a_move_looks_at_the_visit_before_the_one_after_and_the_partner() -> None:
    lead = given_to(visit(), BERTA, "8:00")
    one = visit("9:00", "12:00", follows=(lead.visit_id, 60, 90), staff=2, companion_id=BERTA.caregiver_id)
    behind = given_to(visit(follows=(one.visit_id, 60, 120)), BERTA, "11:30")
    found = broken_by(one, ANNA, "11:00", [lead, behind])
    assert codes(found) == ["follow_gap", "follow_gap", "partner_busy"]
    assert (found[0]["minutes"], found[1]["minutes"]) == (180.0, 30.0)
    assert codes(broken_by(visit(staff=2), ANNA, "9:00", [])) == ["partner_missing"]
    fits = replace(one, follows=(lead.visit_id, 60, 90))
    assert broken_by(fits, ANNA, "9:15", [lead]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "flood"},
        {"kind": "late", "caregiver_id": WHO, "minutes": 0},
        {"kind": "late", "caregiver_id": WHO},
        {"kind": "cancelled", "visit_id": "41"},
        {"kind": "sick", "caregiver_id": WHO, "from": NINE, "to": NINE},
    ],
)
def test_a_trigger_that_cannot_be_read_is_refused(wrong: Any) -> None:
    with pytest.raises(Invalid, match=r"^trigger\."):
        triggers.read(wrong, at("9:00"))
