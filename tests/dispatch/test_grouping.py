from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from dispatch.grouping import BUILDING, COMMUNITY, Grouping, Home, Incident, Limits, group

LIMITS = Limits(homes=3, radius_m=100, community_homes=5)
VILLAGE, OTHER, TOWN = "370503100200", "370503100201", "370503100"
FIRST, SECOND = UUID(int=1001), UUID(int=1002)


def home(nth: int, metres: float = 0.0, region: str | None = None) -> Home:
    return Home(UUID(int=nth), 37.0 + metres / 111_195, 118.0, region)


def ids(found: Grouping | None) -> list[int]:
    assert found is not None
    return sorted(one.home_id.int for one in found.homes)


def test_two_neighbours_are_no_incident_and_three_are() -> None:
    assert group(home(1), [home(2, 50)], [], LIMITS) is None
    found = group(home(1), [home(2, 50), home(3, 90)], [], LIMITS)
    assert (found and (found.incident_id, found.scope), ids(found)) == ((None, BUILDING), [1, 2, 3])


def test_a_long_building_is_a_chain_and_who_lives_far_off_is_not_in_it() -> None:
    waiting = [home(2, 80), home(3, 160), home(4, 1000)]
    assert ids(group(home(1), waiting, [], LIMITS)) == [1, 2, 3]


def test_the_home_itself_does_not_count_twice() -> None:
    assert group(home(1), [home(1), home(2, 50)], [], LIMITS) is None


def test_a_late_joiner_joins_the_incident_next_door_and_brings_who_waits_beside_it() -> None:
    incident = Incident(FIRST, BUILDING, (home(5), home(6, 20), home(7, 40)))
    found = group(home(1, 120), [home(2, 200), home(3, 900)], [incident], LIMITS)
    assert (found and (found.incident_id, found.scope), ids(found)) == ((FIRST, BUILDING), [1, 2])
    assert group(home(1, 500), [], [incident], LIMITS) is None


def test_a_home_between_two_incidents_makes_them_one() -> None:
    one, two = Incident(FIRST, BUILDING, (home(5),)), Incident(SECOND, BUILDING, (home(6, 160),))
    found = group(home(1, 80), [], [one, two], LIMITS)
    assert found == Grouping(FIRST, BUILDING, (home(1, 80),), (SECOND,))


def test_so_many_homes_of_a_community_are_one_incident_however_far_apart() -> None:
    waiting = [home(nth, nth * 1000, VILLAGE) for nth in range(2, 6)]
    found = group(home(1, 0, VILLAGE), [*waiting, home(9, 0, OTHER)], [], LIMITS)
    assert (found and found.scope, ids(found)) == (COMMUNITY, [1, 2, 3, 4, 5])
    assert group(home(1, 0, TOWN), [home(n, n * 1000, TOWN) for n in range(2, 9)], [], LIMITS) is None


def test_the_incidents_of_buildings_become_that_of_their_community() -> None:
    one = Incident(FIRST, BUILDING, tuple(home(n, n, VILLAGE) for n in (5, 6, 7)))
    two = Incident(SECOND, BUILDING, (home(8, 5000, VILLAGE),))
    away = Incident(UUID(int=1003), BUILDING, (home(9, 9000, OTHER),))
    found = group(home(1, 7000, VILLAGE), [], [one, two, away], LIMITS)
    assert found == Grouping(FIRST, COMMUNITY, (home(1, 7000, VILLAGE),), (SECOND,))


def test_a_community_s_incident_takes_every_home_of_it() -> None:
    village = Incident(FIRST, COMMUNITY, (home(5, 0, VILLAGE),))
    assert ids(group(home(1, 9000, VILLAGE), [], [village], LIMITS)) == [1]
    assert group(home(1, 9000, OTHER), [], [village], LIMITS) is None


@given(st.lists(st.integers(0, 2000), max_size=12))
def test_an_incident_is_never_smaller_than_the_limit_and_always_has_the_home(at: list[int]) -> None:
    found = group(home(1), [home(n, metres) for n, metres in enumerate(at, 2)], [], LIMITS)
    if found is not None:
        assert len(found.homes) >= LIMITS.homes
        assert found.homes[0].home_id == UUID(int=1)
