"""A flag that comes back within its cooldown; pure."""

from tests.gateway.homes import SMOKE, Home, only


def test_smoke_that_comes_back_too_soon_and_stays_is_raised_when_the_cooldown_is_over() -> None:
    home = Home(*only("flags"))
    home.says(0, SMOKE, smoke=True)
    home.says(1, SMOKE, smoke=False)
    home.says(9, SMOKE, smoke=True, battery=80)
    home.passes(9.5)
    assert home.types == ["smoke"]
    home.passes(11)
    assert home.types == ["smoke", "smoke"]
    assert [one["metric"] for one in home.raised[1].evidence] == ["smoke", "battery"]
    home.says(30, SMOKE, smoke=True)
    home.passes(60)
    assert home.types == ["smoke", "smoke"]


def test_smoke_that_flaps_and_ends_within_the_cooldown_is_one_alarm() -> None:
    home = Home(*only("flags"))
    for minute in range(0, 8, 2):
        home.says(minute, SMOKE, smoke=True)
        home.says(minute + 1, SMOKE, smoke=False)
    home.passes(60)
    assert home.types == ["smoke"]
