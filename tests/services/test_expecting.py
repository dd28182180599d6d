"""What a care plan expects, and what must change so that it stands; without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from services.expecting import Changes, Expected, Item, Standing, Version, difference, expected, parse
from services.over_quota import Planned, beyond
from services.recurrence import Rule

MONDAY = date(2026, 11, 23)
LAST = date(2026, 12, 20)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def item(rrule: str = "FREQ=WEEKLY;BYDAY=TU", **more: Any) -> Item:
    windows = more.pop("windows", ((time(9), time(11)),))
    return Item(new_id(), "bath", Rule(rrule, MONDAY), windows, 60, "subsidy", **more)


def wanted(*items: Item, valid_to: date | None = None) -> list[Expected]:
    return expected([Version(MONDAY, valid_to, items)], MONDAY, LAST)


def stands(one: Expected, **more: Any) -> Standing:
    row = Standing(new_id(), one.origin, "wanted", 1, one.windows[0][1])
    return replace(row, **more)


def compare(ahead: list[Expected], standing: list[Standing], staff: int = 1) -> Changes:
    return difference(ahead, standing, {one.origin: staff for one in ahead}, NOW)


def test_an_origin_names_item_and_day_and_nothing_else_does() -> None:
    [one, *_] = wanted(item())
    assert parse(one.origin) == (one.item.id, date(2026, 11, 24))
    assert parse("order:01900000-0000-7000-8000-000000000000") is None


def test_a_window_over_midnight_ends_the_next_morning() -> None:
    [one, *_] = wanted(item(windows=((time(22), time(6)),)))
    since, until = one.windows[0]
    assert until - since == timedelta(hours=8)


def test_a_version_ends_with_its_last_day_and_so_does_a_movable_week() -> None:
    ahead = wanted(item("FREQ=DAILY", is_movable=True), valid_to=date(2026, 11, 25))
    assert [one.on.day for one in ahead] == [23, 24, 25]
    assert ahead[0].movable == (MONDAY, date(2026, 11, 25))


def test_leaders_come_before_followers_and_a_circle_ends() -> None:
    leader = item(windows=((time(10), time(12)),))
    follower = item(windows=((time(9), time(12)),), follows=(leader.id, 30, 90))
    first, second, *_ = wanted(follower, leader)
    assert (first.item.id, second.leader) == (leader.id, first.origin)
    one, other = item(), item()
    circle = (replace(one, follows=(other.id, 0, 5)), replace(other, follows=(one.id, 0, 5)))
    assert len(wanted(*circle)) == 8


def test_what_stands_and_is_expected_stays() -> None:
    ahead = wanted(item())
    assert compare(ahead, [stands(one) for one in ahead]) == Changes((), ())


def test_other_staff_renews_a_visit_and_whoever_follows_it() -> None:
    leader = item()
    ahead = wanted(leader, item(follows=(leader.id, 0, 60)), item("FREQ=WEEKLY;BYDAY=WE"))
    standing = [stands(one) for one in ahead]
    staff = {one.origin: 2 if one.item is leader else 1 for one in ahead}
    changes = difference(ahead, standing, staff, NOW)
    assert len(changes.withdraw) == len(changes.want) == 8


def test_a_follower_that_is_not_there_yet_is_only_wanted() -> None:
    leader = item()
    ahead = wanted(leader, item(follows=(leader.id, 0, 60)))
    standing = [stands(one, staff=2) for one in ahead if one.item is leader]
    changes = compare(ahead, standing)
    assert (len(changes.withdraw), len(changes.want)) == (4, 8)


def test_what_has_begun_or_is_frozen_is_left_alone_and_its_successor_is_not_wanted() -> None:
    old = item()
    new = item(replaces_id=old.id)
    was = wanted(old)
    standing = [
        stands(was[0], is_frozen=True),
        stands(was[1], state="en_route"),
        stands(was[2]),
        stands(was[3]),
    ]
    changes = compare(wanted(new), standing)
    assert changes.withdraw == (standing[2].id, standing[3].id)
    assert [one.on for one in changes.want] == [was[2].on, was[3].on]


def test_a_predecessor_that_a_person_cancelled_does_not_stop_its_successor() -> None:
    old = item()
    standing = [stands(one, state="cancelled") for one in wanted(old)]
    assert len(compare(wanted(item(replaces_id=old.id)), standing).want) == 4


def test_what_would_have_begun_already_is_not_wanted() -> None:
    ahead = wanted(item())
    late = difference(ahead, [], {}, ahead[0].windows[0][0])
    assert len(late.want) == 3


@given(st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3)))
def test_after_the_changes_nothing_changes(kept: set[int], foreign: set[int]) -> None:
    mine, other = wanted(item()), wanted(item())
    standing = [stands(mine[n]) for n in kept] + [stands(other[n]) for n in foreign]
    changes = compare(mine, standing)
    after = [one for one in standing if one.id not in changes.withdraw]
    after += [stands(one) for one in changes.want]
    assert compare(mine, after) == Changes((), ())
    assert {one.origin for one in after} == {one.origin for one in mine}


def planned(nth: int, yuan: int = 80, *, may_exceed: bool = False) -> Planned:
    return Planned(UUID(int=nth), NOW + timedelta(days=nth), Decimal(yuan), may_exceed)


def test_the_quota_is_spent_in_the_order_of_the_visits() -> None:
    assert beyond(Decimal(200), [planned(4), planned(2), planned(1), planned(3)]) == {UUID(int=4)}


def test_who_may_exceed_is_never_held_and_takes_what_is_left() -> None:
    mixed = [planned(1, 150, may_exceed=True), planned(2, may_exceed=True), planned(3)]
    assert beyond(Decimal(200), mixed) == {UUID(int=3)}


@given(st.integers(0, 500), st.lists(st.integers(0, 100), max_size=8))
def test_nothing_is_held_while_something_is_left(left: int, amounts: list[int]) -> None:
    visits = [planned(nth, yuan) for nth, yuan in enumerate(amounts)]
    held = beyond(Decimal(left), visits)
    served = sum(one.amount for one in visits if one.visit not in held)
    assert not held or served >= left
