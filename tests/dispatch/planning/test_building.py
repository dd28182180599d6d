from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from dispatch.planning.building import build
from dispatch.planning.days import Day, is_frozen, points, speeds
from dispatch.planning.shapes import DayFacts, Place
from dispatch.roster.fitness import Covered, Leave, Shift
from dispatch.search.problem import Fixed, Promise
from tests.dispatch.plan_days import (
    EVENING,
    KM,
    LAT,
    LON,
    PROVIDER,
    at,
    carer,
    day,
    given_to,
    span,
    travel,
    visit,
)


def made(facts: DayFacts) -> Day:
    return build(facts, travel(facts), {})


def fixed_of(found: Day, visit_id: UUID) -> tuple[Fixed, ...] | None:
    return next(job.fixed for job in found.problem.jobs if job.id == str(visit_id))


def test_a_day_is_tasks_of_jobs_carers_of_shifts_and_minutes_from_midnight() -> None:
    one, bath = visit("9:00", "10:00"), visit("10:00", "12:00", staff=2, skill="bath")
    anna, berta = carer("anna"), carer("berta", skills=frozenset({"care"}), speed_kmh=5.0)
    found = made(day([one, bath], [anna, berta]))
    problem = found.problem
    assert [carer.shift for carer in problem.carers] == [(480.0, 1080.0)] * 2
    assert [job.windows for job in problem.jobs] == [((540.0, 600.0),), ((600.0, 720.0),)]
    assert [(job.link, len(job.tasks)) for job in problem.jobs] == [("independent", 1), ("simultaneous", 2)]
    assert problem.allowed.tolist() == [[True, True], [True, False], [True, False]]
    assert problem.travel.shape == (2, 2, 2)
    assert (problem.travel == problem.travel.round()).all()
    assert found.visit(2) is bath
    assert found.at(540.0) == at("9:00")
    assert found.minute(at("9:00")) == 540.0
    assert found.legs(1)[0, 1] > found.legs(0)[0, 1]


def test_an_optional_visit_is_worth_less_and_an_urgent_one_more() -> None:
    visits = [visit(), visit(is_optional=True), visit(priority=1), visit(priority=5), visit(staff=2)]
    costs = [job.drop_cost for job in made(day(visits, [carer()])).problem.jobs]
    assert costs == [1000.0, 200.0, 4000.0, 400.0, 2000.0]


def test_leaving_out_what_was_promised_breaks_that_promise_too() -> None:
    anna = carer("anna")
    visits = [
        visit(),
        given_to(visit(), anna, "9:00"),
        visit(caregiver_id=anna.caregiver_id, state="offered"),
    ]
    costs = [job.drop_cost for job in made(day(visits, [anna])).problem.jobs]
    assert costs == [1000.0, 1030.0, 1000.0]


def test_a_shift_across_midnight_is_one_stretch_from_the_evening_before() -> None:
    night = carer(hours=("-4:00", "6:00"))
    found = made(day([visit("2:00", "4:00")], [night]))
    assert found.origin == at("-4:00")
    assert found.problem.carers[0].shift == (0.0, 600.0)
    assert found.problem.jobs[0].windows == ((360.0, 480.0),)


def test_leave_cuts_a_shift_in_two_and_what_is_over_does_not_count() -> None:
    off = replace(carer(), leaves=(Leave(at("10:00"), at("12:00"), "personal"),))
    facts = day([visit("8:00", "16:00")], [off])
    assert [one.shift for one in made(facts).problem.carers] == [(480.0, 600.0), (720.0, 1080.0)]
    assert [one.shift for one in made(replace(facts, now=at("11:00"))).problem.carers] == [(720.0, 1080.0)]


def test_the_break_that_most_have_is_the_rule_and_another_one_parts_a_shift() -> None:
    def resting(name: str, since: str, until: str) -> object:
        rest = {"break_from": at(since), "break_to": at(until), "break_minutes": 30}
        return carer(name, shifts=(Shift(at("8:00"), at("18:00"), new_id(), **rest),))  # type: ignore[arg-type]

    noon, again, late = (
        resting("a", "11:00", "13:00"),
        resting("b", "11:00", "13:00"),
        resting("c", "15:00", "16:00"),
    )
    found = made(day([visit()], [noon, again, late]))  # type: ignore[list-item]
    assert found.problem.lunch is not None
    assert (found.problem.lunch.window, found.problem.lunch.duration) == ((660.0, 780.0), 30.0)
    told = [(one.shift, one.has_break) for one in found.problem.carers]
    assert told[2:] == [((480.0, 900.0), False), ((930.0, 1080.0), False)]
    later = made(replace(found.facts, now=at("11:30")))
    assert [one.has_break for one in later.problem.carers[:2]] == [False, False]


def test_a_break_that_does_not_fit_into_what_is_left_of_a_shift_is_none() -> None:
    rest = Shift(at("8:00"), at("18:00"), new_id(), at("17:00"), at("18:00"), 60)
    short = replace(carer(shifts=(rest,)), leaves=(Leave(at("17:30"), at("18:00"), "personal"),))
    assert not made(day([visit()], [short])).problem.carers[0].has_break


def test_what_is_under_way_stands_and_lasts_at_least_until_now() -> None:
    anna = carer()
    one = given_to(visit(km=3), anna, "9:00", state="in_progress", started_at=at("9:04"))
    facts = day([one, visit("10:00", "12:00")], [anna], now=at("10:30"))
    found = made(facts)
    assert is_frozen(facts, one)
    assert fixed_of(found, one.visit_id) == (Fixed(0, 544.0),)
    assert found.problem.tasks[0].duration == 91.0
    assert found.problem.carers[0].start == found.problem.tasks[0].node
    assert found.problem.carers[0].shift == (544.0, 1080.0)


def test_who_is_on_the_way_begins_from_now_and_who_was_somewhere_starts_there() -> None:
    anna, berta = carer("anna"), carer("berta")
    one = given_to(visit(km=3), anna, "9:00", state="en_route")
    last = {berta.caregiver_id: Place(LAT + 9 * KM, LON, at("9:30"))}
    found = made(day([one], [anna, berta], now=at("9:40"), last=last))
    assert fixed_of(found, one.visit_id) == (Fixed(0, 581.0),)
    assert found.problem.carers[1].start == found.problem.travel.shape[-1] - 1


def test_near_pinned_and_of_another_day_stand_but_not_when_their_caregiver_is_released() -> None:
    anna = carer(hours=("-4:00", "26:00"))
    near, far = given_to(visit(), anna, "9:00"), given_to(visit("13:00", "15:00"), anna, "13:00")
    pinned = replace(far, is_pinned=True)
    before = given_to(visit("-2:00", "-1:00"), anna, "-2:00")
    facts = day([near, far, pinned, before], [anna], now=at("8:30"))
    assert [is_frozen(facts, one) for one in facts.visits] == [True, False, True, True]
    freed = replace(facts, released=frozenset({anna.caregiver_id}))
    assert [is_frozen(freed, one) for one in facts.visits] == [False] * 4
    assert not is_frozen(facts, visit())
    assert is_frozen(facts, visit(is_emergency=True, caregiver_id=anna.caregiver_id))


def test_what_stands_although_nobody_is_on_shift_is_kept_outside() -> None:
    anna = carer(hours=("12:00", "18:00"))
    one = given_to(visit(), anna, "9:00", is_pinned=True)
    assert made(day([one], [anna])).excluded == {one.visit_id: {"code": "kept"}}


def test_what_was_promised_is_named_and_what_was_not_is_free() -> None:
    anna = carer()
    told = given_to(visit("9:00", "16:00"), anna, "9:30")
    offered = given_to(visit("9:00", "16:00"), anna, "11:00", state="offered", promised_at=None)
    timeless = replace(told, visit_id=new_id(), planned_start=None)
    found = made(day([told, offered, timeless], [anna]))
    assert found.problem.promised == (Promise(0, 570.0), None, Promise(0, None))


def test_held_absent_and_past_are_left_out_with_their_reason() -> None:
    held, away, past = visit(held="quota"), visit(absent="hospital"), visit("9:00", "9:05")
    found = made(day([held, away, past], [carer()], now=at("9:00")))
    assert [one["code"] for one in found.excluded.values()] == ["held", "absent", "window_past"]
    assert found.problem.jobs == ()


def test_what_is_beyond_a_providers_capacity_is_left_out_the_least_urgent_first() -> None:
    covered = Covered("clean", "37", date(2026, 1, 1), None, capacity=2)
    anna = carer(coverage=(covered, Covered(None, "37", date(2026, 1, 1), None)))
    mine: dict[str, Any] = {"provider_id": PROVIDER}
    standing = given_to(visit(**mine), anna, "9:00")
    urgent, usual, extra = visit(priority=1, **mine), visit(**mine), visit(is_optional=True, **mine)
    others = [visit(), visit(service="bath", **mine), visit(held="quota", **mine)]
    found = made(day([standing, urgent, usual, extra, *others], [anna]))
    assert {one for one, why in found.excluded.items() if why["code"] == "capacity"} == {
        usual.visit_id,
        extra.visit_id,
    }


def test_two_that_follow_each_other_with_the_same_windows_are_one_job() -> None:
    bath = visit("9:00", "12:00")
    nurse = visit("9:00", "12:00", follows=(bath.visit_id, 60, 90))
    (job,) = made(day([bath, nurse], [carer("a"), carer("b")])).problem.jobs
    assert (job.link, job.gap, job.tasks, job.drop_cost) == ("sequential", (60.0, 90.0), (0, 1), 2000.0)
    past = made(day([bath, nurse], [carer()], now=at("13:00")))
    assert {one["code"] for one in past.excluded.values()} == {"window_past"}


def test_of_two_that_follow_each_other_one_may_be_left_out() -> None:
    bath = visit("9:00", "12:00")
    nurse = visit("9:00", "12:00", follows=(bath.visit_id, 60, 90))
    found = made(day([replace(bath, held="quota"), nurse], [carer()]))
    assert [one["code"] for one in found.excluded.values()] == ["held", "lead_off"]
    found = made(day([bath, replace(nurse, absent="hospital")], [carer()]))
    assert [job.id for job in found.problem.jobs] == [str(bath.visit_id)]
    anna = carer()
    found = made(day([given_to(bath, anna, "9:30", is_pinned=True), nurse], [anna]))
    assert [job.link for job in found.problem.jobs] == ["independent", "independent"]


def test_a_follower_of_its_own_windows_waits_and_its_lead_leaves_room_for_it() -> None:
    bath = visit("9:00", "16:00", staff=2)
    nurse = visit("10:00", "11:00", follows=(bath.visit_id, 60, 90))
    found = made(day([bath, nurse], [carer("a"), carer("b")]))
    assert found.waiting == {nurse.visit_id: bath.visit_id}
    assert found.problem.jobs[0].windows == ((540.0, 600.0),)
    assert not found.problem.allowed[2].any()


def test_once_the_lead_has_a_time_the_follower_has_what_is_left_of_its_windows() -> None:
    bath = visit("9:00", "16:00", staff=2)
    nurse = visit("10:00", "16:00", follows=(bath.visit_id, 60, 90))
    anna, berta = carer("anna"), carer("berta")
    facts = day([bath, nurse], [anna, berta])
    people = (anna.caregiver_id, berta.caregiver_id)
    found = build(facts, travel(facts), {bath.visit_id: (at("11:00"), people)})
    assert [job.windows for job in found.problem.jobs] == [((660.0, 660.0),), ((720.0, 750.0),)]
    assert found.problem.jobs[0].fixed == (Fixed(0, 660.0), Fixed(1, 660.0))
    assert found.waiting == {}


@pytest.mark.parametrize(("lead", "code"), [(None, "lead_off"), ("20:00", "follow_gap")])
def test_a_follower_whose_lead_is_off_or_too_late_is_left_out(lead: str | None, code: str) -> None:
    other = new_id()
    nurse = visit(follows=(other, 60, 90))
    found = made(day([nurse], [carer()], leads={other: at(lead) if lead else None}))
    assert found.excluded[nurse.visit_id]["code"] == code


def test_who_is_late_begins_later() -> None:
    anna = carer()
    found = made(day([visit()], [anna], late={anna.caregiver_id: at("10:15")}, now=at("9:00")))
    assert found.problem.carers[0].shift == (615.0, 1080.0)


def test_every_place_is_one_node_and_every_speed_one_matrix() -> None:
    facts = day([visit(km=1), visit(km=1), visit(km=2)], [carer(), carer(speed_kmh=4.0)])
    assert len(points(facts)) == 3
    assert speeds(facts) == [4.0, 18.0]
    assert span("9:00", "10:00").ends_at - at("9:00") == timedelta(hours=1)
    assert facts.now == EVENING
