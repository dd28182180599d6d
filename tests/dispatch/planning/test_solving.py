from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.ids import new_id
from dispatch.evaluator import day as evaluator
from dispatch.planning import drafts, pricing, slots, triggers, why
from dispatch.planning.building import build
from dispatch.planning.days import Day
from dispatch.planning.shapes import Asked, DayFacts, Drafted
from dispatch.planning.solving import moved, solve_day, warm_start
from dispatch.roster.fitness import Leave, Shift, Wishes
from dispatch.search.formats import day as file
from dispatch.search.problem import Assignment, Progress, Solution, UnsoundProblemError
from dispatch.search.solve import solve
from tests.dispatch.plan_days import KM, LAT, at, carer, day, given_to, named, travel, visit

STEPS = 400


def planned(facts: DayFacts, **given: Any) -> tuple[Day, Solution, Drafted]:
    found, solution = solve_day(facts, travel(facts), iterations=STEPS, seed=3, **given)
    return found, solution, drafts.draft(found, solution, is_final=True)


def why_of(drafted: Drafted, one: Asked, seat: int = 0) -> Any:
    return next(item.why for item in drafted.items if item.visit_id == one.visit_id and item.seat == seat)


def test_doubles_chains_and_plain_visits_are_planned_in_one_day_and_priced_alike() -> None:
    anna, berta = carer("anna"), carer("berta", lat=LAT + 2 * KM)
    bath = visit("9:00", "11:00", staff=2, skill="bath")
    nurse = visit("9:00", "12:00", minutes=30, skill="medical", follows=(bath.visit_id, 60, 90))
    walk = visit("9:00", "12:00", follows=(nurse.visit_id, 30, 60))
    plain = visit("13:00", "14:00", km=4)
    found, solution, drafted = planned(day([bath, nurse, walk, plain], [anna, berta]))
    people = named(drafted.items)
    assert set(people[bath.visit_id]) == {anna.caregiver_id, berta.caregiver_id}
    begins = {item.visit_id: item.starts_at for item in drafted.items if item.starts_at}
    gaps = [begins[b.visit_id] - begins[a.visit_id] for a, b in ((bath, nurse), (nurse, walk))]
    assert [60 <= gap.total_seconds() / 60 <= 90 for gap in gaps] in ([True, True], [True, False])
    assert gaps[1].total_seconds() / 60 <= 60
    price = pricing.priced(found, solution)
    assert price["violations"] == []
    assert price["total"] == pytest.approx(solution.total, abs=0.01)
    assert all(item.starts_at is None or item.starts_at.second == 0 for item in drafted.items)


def test_a_day_solved_from_its_file_is_the_day_solved_from_its_facts() -> None:
    facts = day(
        [visit("9:00", "15:00", km=n) for n in range(1, 8)], [carer("a"), carer("b", lat=LAT + 5 * KM)]
    )
    found = build(facts, travel(facts), {})
    body = file.dump(found.problem)
    instance = file.read(body)
    here, there = (solve(each, iterations=STEPS, seed=5) for each in (found.problem, instance.problem))
    assert here.total == there.total
    assert [[one.task for one in route] for route in here.routes] == [
        [one.task for one in route] for route in there.routes
    ]
    assert evaluator.evaluate(*pricing.files(found, here)).total == pytest.approx(here.total, abs=0.01)


def test_the_follower_of_a_lead_that_nobody_makes_says_so() -> None:
    bath = visit(staff=2)
    nurse = visit("10:00", "12:00", follows=(bath.visit_id, 60, 90))
    _, _, drafted = planned(day([bath, nurse], [carer()]))
    assert why_of(drafted, bath)["reason"]["code"] == "nobody_allowed"
    assert why_of(drafted, nurse)["reason"] == {"code": "lead_unplanned", "lead": str(bath.visit_id)}


def test_bad_days_are_planned_around_and_named() -> None:
    useless = carer("useless", skills=frozenset({"cook"}))
    short = visit("9:00", "9:10", minutes=120)
    night = visit("1:00", "2:00")
    _, _, drafted = planned(day([short, night], [useless, carer(), carer(hours=("-4:00", "6:00"))]))
    people = named(drafted.items)
    assert None not in people[short.visit_id]
    assert None not in people[night.visit_id]
    empty, _, nothing = planned(day([visit()], []))
    assert nothing.items[0].why["considered"] == []
    assert empty.problem.carers == ()


def test_a_matrix_with_holes_is_refused_by_name() -> None:
    facts = day([visit(km=1), visit(km=2)], [carer()])
    holes = {18.0: np.full((3, 3), np.nan)}
    with pytest.raises(UnsoundProblemError, match="holes"):
        solve_day(facts, holes, iterations=STEPS)


def test_why_this_one_is_said_in_numbers_and_of_the_others_why_not() -> None:
    near, far = carer("near"), carer("far", lat=LAT + 20 * KM)
    untrained = carer("untrained", skills=frozenset({"cook"}))
    one = visit()
    knows = {one.elder_id: {near.caregiver_id: 3}}
    wishes = {one.elder_id: Wishes(preferred=frozenset({near.caregiver_id}))}
    _, _, drafted = planned(day([one], [near, far, untrained], seen=knows, wishes=wishes))
    told = why_of(drafted, one)
    assert told["chosen"]["name"] == "near"
    assert told["chosen"]["merits"] == [{"code": "preferred"}, {"code": "knows", "visits": 3, "of": 3}]
    said = {entry["name"]: entry["code"] for entry in told["considered"]}
    assert said == {"near": "planned", "far": "costlier", "untrained": "no_skill"}


def test_why_nobody_says_who_was_full_and_by_how_much() -> None:
    anna = carer("anna")
    busy = given_to(visit("9:00", "10:00", minutes=180), anna, "9:00", is_pinned=True)
    one = visit("10:00", "11:00")
    _, _, drafted = planned(day([busy, one], [anna]))
    (entry,) = why_of(drafted, one)["considered"]
    assert (entry["code"], entry["late_min"]) == ("full", 60.0)
    assert why_of(drafted, busy)["chosen"]["because"] == "pinned"


def test_in_a_large_district_those_who_may_not_are_counted() -> None:
    crowd = [carer(f"c{n}", lat=LAT + n * KM / 10) for n in range(12)]
    crowd += [carer(f"u{n}", skills=frozenset({"cook"})) for n in range(30)]
    one = visit()
    _, _, drafted = planned(day([one], crowd))
    told = why_of(drafted, one)
    assert len(told["considered"]) == 1 + why.NEAREST
    assert told["others"] == {"farther": 3, "no_skill": 30}


def test_what_stands_is_told_as_it_stands() -> None:
    anna, berta = carer("anna"), carer("berta", hours=("12:00", "18:00"))
    going = given_to(visit(), anna, "9:00", state="in_progress", started_at=at("9:00"))
    near = given_to(visit("10:00", "11:00"), anna, "10:15")
    kept = given_to(visit(), berta, "9:50", is_pinned=True)
    gone = given_to(visit(), anna, "9:50", is_pinned=True, caregiver_id=new_id(), planned_end=None)
    held = visit(held="quota")
    facts = day([going, near, kept, gone, held], [anna, berta], now=at("9:40"))
    _, _, drafted = planned(facts)
    told = [item.why["chosen"] for item in drafted.items[:4]]
    assert [one["because"] for one in told if one] == ["in_progress", "near", "pinned", "pinned"]
    assert why_of(drafted, held)["reason"] == {"code": "held", "reason": "quota"}
    assert drafted.items[2].ends_at == at("10:50")


def test_the_break_is_taken_and_shown_where_it_is() -> None:
    rest = Shift(at("8:00"), at("18:00"), new_id(), at("12:00"), at("13:00"), 30)
    visits = [visit("8:30", "9:00", minutes=200), visit("12:00", "17:00", minutes=200)]
    found, solution, drafted = planned(day(visits, [carer(shifts=(rest,))]))
    (taken,) = drafted.rests
    assert (taken.ends_at - taken.starts_at).total_seconds() == 30 * 60
    assert at("12:00") <= taken.starts_at <= at("12:30")
    route = slots.stops(found, 0, solution.routes[0])
    assert len(route) == 4
    assert slots.stops(found, 0, solution.routes[0], without=0)[1].node == route[2].node


def test_progress_is_heard_and_the_draft_of_it_is_short() -> None:
    said: list[Drafted] = []

    def hear(found: Day, so_far: Progress) -> None:
        said.append(drafts.draft(found, so_far.best, is_final=False))

    facts = day([visit(km=n) for n in range(1, 4)] + [visit("3:00", "3:30")], [carer()])
    solve_day(facts, travel(facts), seconds=1.5, progress=hear)
    assert {len(one.items) for one in said} == {4}
    assert said[-1].items[-1].why == {
        "chosen": None,
        "reason": {"code": "nobody_allowed"},
        "considered": [],
    }
    assert said[-1].items[0].why["considered"] == []


def test_the_plan_as_it_stands_is_where_the_search_begins() -> None:
    anna, off = carer("anna"), carer("off", hours=("14:00", "18:00"))
    one = given_to(visit("9:00", "12:00"), anna, "9:30")
    stray = given_to(visit("9:00", "12:00"), off, "10:00")
    facts = day([one, stray, visit()], [anna, off])
    found = build(facts, travel(facts), {})
    begun = warm_start(found)
    assert begun is not None
    assert [[each.start for each in route] for route in begun.routes] == [[570.0], []]
    shorter = build(replace(facts, visits=facts.visits[:1]), travel(facts), {})
    assert [len(route) for route in moved(found, begun, shorter).routes] == [1, 0]
    empty = replace(facts, visits=facts.visits[2:])
    assert warm_start(build(empty, travel(empty), {})) is None


def test_a_day_with_too_many_legs_is_not_priced_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = day([visit()], [carer()])
    found, solution, _ = planned(facts)
    monkeypatch.setattr(pricing, "MOST_LEGS", 1)
    assert pricing.priced(found, solution) == {"code": "too_large", "legs": 4}


def test_a_chain_longer_than_the_passes_leaves_its_end_unplanned_by_name() -> None:
    chain = [visit("8:00", "18:00", minutes=10)]
    for _ in range(4):
        chain.append(visit("8:00", "18:00", minutes=10, follows=(chain[-1].visit_id, 20, 40)))
    _, _, drafted = planned(day(chain, [carer()]))
    assert [item.caregiver_id is None for item in drafted.items] == [False, False, False, True, True]
    assert why_of(drafted, chain[-1])["reason"]["code"] == "lead_unplanned"


def test_who_has_two_stretches_is_considered_with_the_better_one() -> None:
    anna = carer("anna")
    off = Leave(at("13:00"), at("13:10"), "personal")
    halves = carer("halves", leaves=(off,), lat=LAT + 9 * KM)
    one = visit("10:00", "14:00")
    _, _, drafted = planned(day([one], [anna, halves]))
    told = [entry["name"] for entry in why_of(drafted, one)["considered"]]
    assert sorted(told) == ["anna", "halves"]


def test_the_cheapest_room_is_found_over_several_windows() -> None:
    facts = day([given_to(visit("9:00", "9:30", km=5), carer("x"), "9:00"), visit()], [carer()])
    found = build(facts, travel(facts), {})
    route = slots.stops(found, 0, [Assignment(0, 0, 560.0, 620.0)])
    node = found.problem.tasks[0].node
    slot = slots.best(found, 0, route, node, 30.0, [(480.0, 500.0), (640.0, 700.0), (1075.0, 1080.0)])
    assert slot.begins is not None
    assert (slot.extra, slot.late) == (0.0, 0.0)
    none = slots.best(found, 0, route, node, 30.0, [(1070.0, 1075.0), (1060.0, 1075.0), (1080.0, 1090.0)])
    assert none.begins is None
    assert none.late > 0


def test_a_repair_leaves_people_what_they_were_promised_and_takes_no_shorter_way_over_it() -> None:
    well, ill = carer("well"), carer("ill")
    far = given_to(visit("9:00", "9:10", km=10), well, "9:00")
    near = given_to(visit("9:00", "9:10"), ill, "9:00")
    sick = {
        "kind": "sick",
        "caregiver_id": str(ill.caregiver_id),
        "from": at("0:00").isoformat(),
        "to": at("24:00").isoformat(),
    }
    _, _, drafted = planned(triggers.apply(day([far, near], [well, ill]), sick))
    assert named(drafted.items) == {far.visit_id: (well.caregiver_id,), near.visit_id: (None,)}


def test_an_urgent_visit_takes_the_place_of_several_that_are_less_urgent() -> None:
    only = carer()
    plain = [
        given_to(visit(when, when, minutes=30), only, when) for when in ("9:00", "9:40", "10:20", "11:00")
    ]
    urgent = visit("9:00", "9:00", minutes=120, priority=1)
    _, _, drafted = planned(day([*plain, urgent], [only]))
    people = named(drafted.items)
    assert people[urgent.visit_id] == (only.caregiver_id,)
    assert [people[one.visit_id] for one in plain] == [(None,)] * 3 + [(only.caregiver_id,)]
