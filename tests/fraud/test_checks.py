"""Each check by named cases: what it finds, and what it leaves alone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.fraud import scoring, thresholds
from services.fraud.judging import main_of
from services.fraud.records import KINDS, Absence, Finding, Person, Photo
from tests.fraud.visits import HOME, NINE, devices, judged, kinds, mark, visit

DAY = timedelta(days=1)
FAR = (37.98, 118.53)  # eleven kilometres north
SEEN = devices("agrees", "door_moved", traces={"door_moved": 4})


@pytest.mark.parametrize(
    ("person", "day", "found"),
    [
        (Person(died_on=date(2026, 10, 4)), NINE, ["billed_away"]),
        (Person(died_on=date(2026, 10, 5)), NINE, []),  # served before the end
        (Person(None, (Absence("hospital", date(2026, 10, 4), date(2026, 10, 6)),)), NINE, ["billed_away"]),
        (Person(None, (Absence("hospital", date(2026, 10, 5), date(2026, 10, 6)),)), NINE, []),
        (Person(None, (Absence("hospital", date(2026, 10, 4), date(2026, 10, 5)),)), NINE, []),
        (Person(None, (Absence("holiday", date(2026, 10, 1)),)), NINE, ["billed_away"]),
        (Person(), NINE, []),
    ],
)
def test_who_was_dead_or_away_cannot_have_been_served(person: Person, day: Any, found: list[str]) -> None:
    assert kinds(visit("v", day), persons={"p1": person}).get("v", []) == found


def test_a_service_that_a_district_allows_for_the_absent_is_left_alone() -> None:
    figures = thresholds.merged({"billed_away": {"services_allowed": ["clean"]}})
    assert kinds(visit("v"), persons={"p1": Person(died_on=date(2026, 10, 1))}, figures=figures) == {}


def test_of_two_visits_at_once_the_one_that_the_home_noticed_is_believed() -> None:
    real = visit("real", witnesses={**SEEN, "phone": {"says": "agrees", "code": "inside"}})
    made_up = visit("made up", NINE + timedelta(minutes=20), home="h2", person="p2", place=FAR)
    assert kinds(real, made_up) == {"made up": ["overlapping"]}
    both = judged(visit("a"), visit("b", NINE + timedelta(minutes=20), home="h2", person="p2", place=FAR))
    assert [(one.visit, one.is_pair) for one in both if one.visit] == [("a", True), ("b", True)]


def test_a_companion_cannot_be_in_two_homes_either() -> None:
    one = visit("a", companion="c9", witnesses=SEEN)
    other = visit("b", caregiver="c9", home="h2", person="p2", place=FAR)
    assert "overlapping" in kinds(one, other)["b"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"home": "h1", "person": "p2"}, []),  # a couple
        ({"home": "h1"}, ["overlapping"]),  # the same service to the same person twice
        ({"home": "h1", "service": "meal"}, []),
        ({"home": "h2", "person": "p2", "place": (37.8801, 118.53)}, []),  # next door
        ({"home": "h2", "person": "p2", "place": None}, ["overlapping"]),
    ],
)
def test_what_counts_as_two_homes(given: dict[str, Any], found: list[str]) -> None:
    other = visit("b", NINE + timedelta(minutes=10), **given)
    assert kinds(visit("a", witnesses=SEEN), other).get("b", []) == found


def test_a_forgotten_check_out_makes_nobody_be_in_two_homes() -> None:
    late = visit(
        "a", minutes=150, end=mark(NINE + timedelta(minutes=150), lat=FAR[0], lon=FAR[1], accuracy_m=10)
    )
    following = visit("b", NINE + timedelta(minutes=90), home="h2", person="p2", place=FAR)
    assert kinds(late, following) == {}


@pytest.mark.parametrize(
    ("gap", "vehicle", "place", "found"),
    [
        (5, "ebike", FAR, True),
        (30, "ebike", FAR, False),
        (8, "car", FAR, False),
        (8, "other", FAR, True),
        (5, "ebike", None, False),
    ],
)
def test_nobody_is_faster_than_their_vehicle(gap: int, vehicle: str, place: Any, found: bool) -> None:  # noqa: FBT001 - a column
    after = visit("b", NINE + timedelta(minutes=60 + gap), home="h2", person="p2", place=place)
    assert ("impossible_travel" in kinds(visit("a"), after, vehicles={"c1": vehicle}).get("b", [])) is found


@pytest.mark.parametrize(
    ("first", "second", "home", "days", "found"),
    [
        (Photo("aa"), Photo("aa"), "h2", 1, True),
        (Photo("aa"), Photo("aa"), "h1", 0, False),  # one stop at a couple's
        (Photo("aa"), Photo("bb"), "h2", 1, False),
        (Photo("aa", 0x00FF00FF00FF00FF), Photo("bb", 0x00FF00FF00FF00FE), "h2", 1, True),
        (Photo("aa", 0x00FF00FF00FF00FF), Photo("bb", 0x00FF00FF00FF00FE), "h1", 1, False),  # the same wall
        (Photo("aa", 0), Photo("bb", 1), "h2", 1, False),  # blank
        (Photo("aa"), Photo("bb", None, NINE - 2 * DAY), "h2", 1, True),
        (Photo("aa"), Photo("bb", None, NINE - 900 * DAY), "h2", 1, False),  # the camera's clock
    ],
)
def test_a_photo_belongs_to_one_visit(
    first: Photo,
    second: Photo,
    home: str,
    days: int,
    found: bool,  # noqa: FBT001 - a column
) -> None:
    one = visit("a", photos=[first])
    other = visit("b", NINE + days * DAY + timedelta(minutes=70), home=home, person="p2", photos=[second])
    assert ("reused_photo" in kinds(one, other).get("b", [])) is found
    assert "a" not in kinds(one, other)


def test_a_frame_that_everybody_has_is_nobodys_photo() -> None:
    five = [
        visit(f"v{n}", NINE + n * DAY, caregiver=f"c{n}", home=f"h{n}", photos=[Photo("ee")])
        for n in range(5)
    ]
    assert kinds(*five) == {}
    assert kinds(*five[:4]) == {f"v{n}": ["reused_photo"] for n in (1, 2, 3)}


def test_the_proof_knows_photos_of_earlier_months() -> None:
    said = {"photo": {"witness": "photo", "says": "contradicts", "code": "reused", "visit_id": "old"}}
    [one] = judged(visit("v", witnesses=said))
    assert (one.kind, one.visits) == ("reused_photo", ("v", "old"))
    nameless = {"photo": {"witness": "photo", "says": "contradicts", "code": "reused"}}
    assert judged(visit("v", witnesses=nameless))[0].visits == ("v",)


def late(hours: float, **given: Any) -> Any:
    wait = timedelta(hours=hours)
    return visit("v", start=mark(NINE, wait), end=mark(NINE + timedelta(hours=1), wait), **given)


@pytest.mark.parametrize(
    ("hours", "is_live", "given", "found"),
    [
        (23, True, {}, False),
        (30, True, {}, True),
        (30, False, {}, False),  # a long outage, perhaps
        (30, True, {"witnesses": SEEN}, False),
        (60, True, {"witnesses": SEEN}, True),  # the phone had network in between
        (60, False, {}, True),
        (60, False, {"witnesses": {"phone": {"says": "agrees", "code": "inside"}}}, False),
        (60, True, {"is_corrected": True}, False),
    ],
)
def test_what_arrives_days_later_was_entered_later(
    hours: float,
    is_live: bool,  # noqa: FBT001 - columns
    given: dict[str, Any],
    found: bool,  # noqa: FBT001 - columns
) -> None:
    others = [visit("live", NINE + timedelta(hours=5))] if is_live else []
    assert ("back_filled" in kinds(late(hours, **given), *others).get("v", [])) is found


@pytest.mark.parametrize(
    ("minutes", "given", "found"),
    [
        (20, {}, True),
        (28, {}, False),
        (24, {"witnesses": {"elder": {"says": "agrees", "code": "confirmed"}}}, False),
        (10, {"planned": None}, False),
    ],
)
def test_a_visit_of_a_third_of_its_time_is_short(minutes: float, given: dict[str, Any], found: bool) -> None:  # noqa: FBT001 - a column
    assert kinds(visit("v", minutes=minutes, **given)) == ({"v": ["shortened"]} if found else {})


def gone(minutes: int) -> dict[str, dict[str, Any]]:
    return devices("contradicts", "nobody_left", minutes=minutes)


def test_the_door_tells_who_left_long_before_the_check_out() -> None:
    usual = [visit(f"v{n}", NINE + n * DAY, witnesses=SEEN) for n in range(1, 9)]
    assert kinds(visit("v", witnesses=gone(45)), *usual) == {"v": ["shortened"]}
    assert kinds(visit("v", witnesses=gone(59)), *usual) == {}  # the door missed the leaving
    assert kinds(visit("v", witnesses=gone(10)), *usual) == {}
    deaf = [visit(f"d{n}", NINE + n * DAY, witnesses=gone(59)) for n in range(1, 9)]
    assert kinds(visit("v", witnesses=gone(45)), *deaf) == {}


def at(place: tuple[float, float], minutes: float, accuracy: float = 10) -> Any:
    return mark(NINE + timedelta(minutes=minutes), lat=place[0], lon=place[1], accuracy_m=accuracy)


def test_a_check_out_in_time_from_far_away_is_short_unless_it_is_at_the_next_door() -> None:
    away = visit("v", end=at(FAR, 60))
    assert kinds(away) == {"v": ["shortened"]}
    assert kinds(visit("v", end=at(FAR, 90), minutes=90)) == {}  # forgotten
    assert kinds(visit("v", end=at(FAR, 60, 2000))) == {}  # not exact
    assert kinds(visit("v", end=at(FAR, 60), witnesses=SEEN)) == {}  # somebody left at the end
    following = visit("n", NINE + timedelta(minutes=80), caregiver="c1", home="h2", person="p2", place=FAR)
    assert kinds(away, following) == {}


@pytest.mark.parametrize(
    ("start", "end", "witnesses", "found"),
    [
        (FAR, FAR, {}, True),
        (FAR, None, {}, True),
        (None, FAR, {}, False),
        (HOME, HOME, {}, True),  # the register's own figures, to the centimetre
        (FAR, FAR, SEEN, False),
    ],
)
def test_a_phone_far_away_shows_a_faked_place(start: Any, end: Any, witnesses: Any, found: bool) -> None:  # noqa: FBT001 - a column
    marks: dict[str, Any] = {
        "start": at(start, 0) if start else mark(NINE),
        "end": at(end, 75) if end else mark(NINE + DAY / 20),
    }
    assert ("faked_place" in kinds(visit("v", witnesses=witnesses, **marks)).get("v", [])) is found


def test_simulated_positions_are_faked() -> None:
    assert kinds(visit("v", start=mark(NINE, is_mock=True))) == {"v": ["faked_place"]}
    code = {"code": {"says": "agrees", "code": "valid"}}
    [one] = judged(visit("v", start=at(FAR, 0), end=at(FAR, 75), witnesses=code))
    assert [line["code"] for line in one.evidence] == ["far_from_home", "code_elsewhere"]


def test_the_main_kind_is_what_was_done_before_what_is_missing() -> None:
    assert main_of(["never_made", "back_filled"], is_denied=True, is_placed=False) == "back_filled"
    assert main_of(["never_made", "faked_place"], is_denied=True, is_placed=False) == "never_made"
    assert main_of(["never_made", "faked_place"], is_denied=False, is_placed=True) == "faked_place"
    assert main_of(["contradicted"], is_denied=False, is_placed=False) == "contradicted"


def test_a_caregiver_far_from_the_others_stands_out() -> None:
    def of(name: str, share: float) -> list[Any]:
        silent = {"phone": {"says": "absent"}}
        seen = {"phone": {"says": "agrees"}}
        return [
            visit(
                f"{name}{n}",
                NINE + n * DAY,
                caregiver=name,
                provider=name,
                witnesses=silent if n < share * 40 else seen,
            )
            for n in range(40)
        ]

    months = [one for number in range(6) for one in of(f"c{number}", 0.1)] + of("bad", 0.9)
    found = [one for one in judged(*months) if one.kind == "outlier"]
    assert {(one.key, one.caregiver) for one in found if "no_position" in one.key} == {
        ("provider:bad:no_position", None),
        ("caregiver:bad:no_position", "bad"),
    }
    assert not [one for one in judged(*of("bad", 0.9)) if one.kind == "outlier"]  # nobody to compare with


def test_severity_follows_the_score() -> None:
    scores = [Finding("shortened", "v", ("v",), score, ()).severity for score in (0.95, 0.9, 0.8, 0.5)]
    assert scores == ["high", "high", "medium", "low"]


def test_precision_and_recall_are_counted_as_the_manual_says() -> None:
    found = [
        Finding("shortened", "a", ("a",), 0.9, (), is_main=True),
        Finding("shortened", "b", ("b",), 0.9, (), is_main=True),
        Finding("overlapping", "c", ("c", "d"), 0.9, (), is_pair=True, is_main=True),
        Finding("outlier", None, (), 0.9, ()),
    ]
    scores = scoring.score(found, {"a": ["shortened"], "d": ["overlapping"], "e": ["never_made"]})
    assert (scores["shortened"].precision, scores["shortened"].recall) == (0.5, 1.0)
    assert (scores["overlapping"].precision, scores["overlapping"].recall) == (1.0, 1.0)
    assert (scores["never_made"].precision, scores["never_made"].recall) == (1.0, 0.0)
    assert (scores["contradicted"].precision, scores["contradicted"].recall) == (1.0, 1.0)
    assert scores["overall"].recall == 2 / 3
    assert set(scores) == {*KINDS, "overall"}


def test_money_of_a_visit_may_be_unknown() -> None:
    assert visit("v", amount=Decimal(5)).amount == Decimal(5)
    assert visit("v", planned=None).billed_until == NINE + timedelta(hours=1)
