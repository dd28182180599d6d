"""A mat goes before motion, once it has spoken; pure."""

from tests.gateway.homes import BEDROOM, KITCHEN, MAT, Home, only


def test_a_home_with_a_mat_is_not_judged_by_motion_too() -> None:
    home = Home(*only("bed_exit"), has_mat=True)
    home.says(0, MAT, in_bed=True)
    home.says(1, BEDROOM, occupied=True)
    assert "bed_exit/motion" not in home.watch.instances


def test_a_mat_that_never_spoke_does_not_blind_the_rule() -> None:
    home = Home(*only("bed_exit"), has_mat=True)
    home.says(0, BEDROOM, occupied=True)
    home.says(60, KITCHEN, occupied=True)
    home.passes(200)
    assert home.types == ["bed_exit"]
