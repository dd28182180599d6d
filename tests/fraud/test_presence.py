"""Nobody came, or the bed stayed occupied: what silence proves and what it does not."""

from datetime import timedelta
from typing import Any

from tests.fraud.visits import NINE, devices, judged, kinds, mark, visit

DAY = timedelta(days=1)
SEEN = devices("agrees", "door_moved", traces={"door_moved": 4})


def gone(minutes: int) -> dict[str, dict[str, Any]]:
    return devices("contradicts", "nobody_left", minutes=minutes)


def quiet(code: str = "door_shut") -> dict[str, dict[str, Any]]:
    return devices("contradicts", code)


def home_of(count: int, **given: Any) -> list[Any]:
    return [visit(f"u{n}", NINE + (n + 1) * DAY, **{"witnesses": SEEN, **given}) for n in range(count)]


def test_a_shut_door_without_a_position_is_a_visit_never_made() -> None:
    assert kinds(visit("v", witnesses=quiet()), *home_of(12)) == {"v": ["never_made"]}
    there = {**quiet(), "phone": {"says": "agrees", "code": "inside"}}
    assert kinds(visit("v", witnesses=there), *home_of(12)) == {"v": ["contradicted", "never_made"]}
    sure = {**quiet(), "code": {"says": "agrees", "code": "valid_now", "strong": True}}
    assert kinds(visit("v", witnesses=sure), *home_of(12)) == {}


def test_motion_alone_is_the_elders_where_the_door_tells_of_every_visitor() -> None:
    alone = devices("agrees", "motion", traces={"motion": 5})
    assert "never_made" in kinds(visit("v", witnesses=alone), *home_of(12))["v"]
    assert kinds(visit("v", witnesses=alone), *home_of(3)) == {}
    assert (
        kinds(visit("v", witnesses=devices("agrees", "motion")), *home_of(12)) == {}
    )  # nobody counted traces


def test_a_broken_sensor_is_no_witness() -> None:
    silent = home_of(2, witnesses=devices("absent", "devices_silent"))
    before = [visit(f"b{n}", NINE - (n + 1) * DAY, witnesses=SEEN) for n in range(9)]
    assert kinds(visit("v", witnesses=quiet()), *silent, *before) == {}
    there = {**quiet(), "phone": {"says": "agrees", "code": "inside"}}
    assert kinds(*[visit(f"v{n}", NINE + n * DAY, witnesses=there) for n in range(4)], *before) == {}
    bad = [visit(f"d{n}", NINE + n * DAY, witnesses=gone(59)) for n in range(1, 9)]
    assert kinds(visit("v", witnesses=quiet()), *bad) == {}


def test_a_home_with_motion_only_says_less() -> None:
    motion = devices("agrees", "motion", traces={"motion": 5})
    there = {**quiet("no_trace"), "phone": {"says": "agrees", "code": "inside"}}
    assert kinds(visit("v", witnesses=there), *home_of(12, witnesses=motion)) == {}
    assert kinds(
        visit("v", witnesses=quiet("no_trace")),
        *home_of(60, witnesses={**motion, "phone": {"says": "agrees"}}),
    ) == {"v": ["never_made"]}


def test_who_was_found_by_harder_signs_is_doubted_sooner() -> None:
    crook = [
        visit(f"x{n}", NINE + (n + 1.2) * DAY, home="h9", start=mark(NINE + (n + 1.2) * DAY, is_mock=True))
        for n in range(5)
    ]
    found = judged(visit("v", witnesses=quiet()), *home_of(12), *crook)
    [one] = [one for one in found if one.visit == "v"]
    assert one.evidence[-1] == {"code": "others_found", "visits": 5}


def bath(name: str, day: int, **given: Any) -> Any:
    return visit(name, NINE + day * DAY, service="bath", **given)


def test_a_bath_with_the_bed_occupied_is_contradicted_unless_that_is_how_they_bathe() -> None:
    bed = devices("contradicts", "bed_occupied", strong=True, minutes=60)
    out = devices("agrees", "bed_changed", traces={"bed_changed": 2})
    assert kinds(bath("v", 0, witnesses=bed)) == {"v": ["contradicted"]}
    assert kinds(bath("v", 0, witnesses=bed, grade="total")) == {}
    assert kinds(bath("v", 0, witnesses=bed), bath("w", 1, witnesses=out)) == {"v": ["contradicted"]}
    assert kinds(bath("v", 0, witnesses=bed), bath("w", 1, witnesses=bed)) == {}


def test_who_denies_is_believed_unless_two_others_say_the_contrary() -> None:
    denied = {"elder": {"says": "contradicts", "code": "denied", "by": "family", "strong": True}}
    assert kinds(visit("v", witnesses=denied)) == {"v": ["never_made"]}
    phone = {"phone": {"says": "agrees", "code": "inside"}}
    assert kinds(visit("v", witnesses={**denied, **SEEN, **phone})) == {}
    [one] = [one for one in judged(visit("v", witnesses={**denied, **quiet()}), *home_of(12)) if one.is_main]
    assert {line["code"] for line in one.evidence} == {"denied", "door_shut", "no_position"}
