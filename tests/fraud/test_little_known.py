"""Checks of fraud where little is known: pairs, simulated positions, photos without a file, deaf doors."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.fraud import support
from services.fraud.records import Photo
from tests.fraud.test_checks import DAY, FAR, SEEN, gone
from tests.fraud.visits import NINE, judged, kinds, visit


def test_two_who_work_together_are_found_once() -> None:
    one = visit("a", companion="c2", witnesses={**SEEN, "phone": {"says": "agrees", "code": "inside"}})
    away: dict[str, Any] = {"home": "h2", "person": "p2", "place": FAR}
    found = judged(one, visit("b", NINE + timedelta(minutes=20), companion="c2", **away))
    assert [(each.visit, each.kind) for each in found if each.kind == "overlapping"] == [("b", "overlapping")]


def test_a_simulated_position_speaks_against_a_visit() -> None:
    plain = visit("a")
    simulated = replace(plain, start=replace(plain.start, is_mock=True))
    assert support.of(simulated) == support.of(plain) - 2.0


def test_a_photo_whose_file_nobody_kept_is_compared_by_nothing() -> None:
    assert kinds(visit("a", photos=[Photo()]), visit("b", NINE + DAY, photos=[Photo()])) == {}


def test_a_door_that_misses_some_leavings_proves_none() -> None:
    usual = [visit(f"v{n}", NINE + n * DAY, witnesses=SEEN) for n in range(1, 15)]
    deaf = [visit(f"d{n}", NINE + n * DAY, witnesses=gone(59)) for n in range(15, 17)]
    assert kinds(visit("v", witnesses=gone(45)), *usual) == {"v": ["shortened"]}
    assert kinds(visit("v", witnesses=gone(45)), *usual, *deaf) == {}
