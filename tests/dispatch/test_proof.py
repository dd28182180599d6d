from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.home_witness import Home, Reading, Sensor, arrived, changes, devices
from dispatch.proof import Facts, decide
from dispatch.witnesses import Confirmation, Mark
from tests.makers import NOW

LAT, LON = 37.886, 118.526
BED, DOOR, MOTION = UUID(int=1), UUID(int=2), UUID(int=3)
END = NOW + timedelta(minutes=55)
AT_HOME = Mark(NOW, NOW, LAT, LON, 20)
OUT = Mark(END, END)
FACTS = Facts(
    service="clean",
    is_known=True,
    is_recorded=True,
    is_emergency=False,
    recipient="present",
    window_start=NOW - timedelta(minutes=10),
    window_end=NOW + timedelta(minutes=80),
    planned_on=date(2026, 11, 21),
    served_on=date(2026, 11, 21),
    minutes=60,
    lat=LAT,
    lon=LON,
    caregiver="qualified",
    overlaps=0,
    check_in=AT_HOME,
    check_out=OUT,
    geofence_m=150,
    grace=timedelta(minutes=15),
)
SENSORS = (Sensor(BED, "in_bed", NOW), Sensor(DOOR, "open", NOW), Sensor(MOTION, "occupied", NOW))


def at(minutes: float, device: UUID, metric: str, *, value: bool) -> Reading:
    return Reading(device, metric, NOW + timedelta(minutes=minutes), value)


DOOR_MOVED = (at(-1, DOOR, "open", value=True), at(0, DOOR, "open", value=False))
IN_BED = (at(-30, BED, "in_bed", value=True),)


def witness(facts: Facts, name: str) -> dict[str, Any]:
    return next(one for one in decide(facts).witnesses if one["witness"] == name)


def test_a_visit_at_the_home_with_all_six_elements_is_proven() -> None:
    proof = decide(FACTS)
    assert proof.verdict == "proven"
    assert set(proof.elements) == {"service", "recipient", "date", "place", "caregiver", "times"}
    assert all(one["ok"] for one in proof.elements.values())
    assert proof.flags == []


ELEMENTS: list[tuple[dict[str, Any], str, str]] = [
    ({"is_known": False}, "service", "unknown_service"),
    ({"is_recorded": False}, "service", "no_record"),
    ({"recipient": "died"}, "recipient", "died"),
    ({"recipient": "away_hospital"}, "recipient", "away_hospital"),
    ({"served_on": date(2026, 11, 22)}, "date", "another_day"),
    ({"caregiver": "certificate_expired"}, "caregiver", "certificate_expired"),
    ({"check_out": Mark(NOW + timedelta(minutes=20), END)}, "times", "short"),
    ({"check_out": Mark(NOW - timedelta(minutes=1), END)}, "times", "reversed"),
    ({"check_out": Mark(END, NOW)}, "times", "future"),
    ({"overlaps": 1}, "times", "overlapping"),
    ({"window_start": NOW + timedelta(minutes=16)}, "times", "outside_window"),
    (
        {"window_end": NOW - timedelta(minutes=16), "window_start": NOW - timedelta(hours=1)},
        "times",
        "outside_window",
    ),
    ({"check_in": replace(AT_HOME, received_at=NOW + timedelta(hours=25))}, "times", "back_filled"),
    ({"check_in": Mark(NOW, NOW)}, "place", "not_known"),
]


@pytest.mark.parametrize(("change", "element", "code"), ELEMENTS)
def test_each_missing_element_makes_it_doubted_and_is_named(
    change: dict[str, Any], element: str, code: str
) -> None:
    proof = decide(replace(FACTS, **change))
    assert proof.verdict == "doubted"
    assert proof.elements[element]["code"] == code
    assert f"{element}:{code}" in proof.flags


def test_a_visit_in_a_further_window_of_its_day_is_in_time_and_one_between_two_windows_is_not() -> None:
    morning = replace(FACTS, window_start=NOW - timedelta(hours=5), window_end=NOW - timedelta(hours=3))
    since, until = NOW - timedelta(minutes=10), NOW + timedelta(minutes=80)
    assert decide(replace(morning, further=[(since, until)])).verdict == "proven"
    between = decide(replace(morning, further=[(until, until)]))
    assert between.elements["times"]["code"] == "outside_window"


def test_what_comes_late_from_a_phone_without_network_is_accepted_with_its_skew() -> None:
    late = NOW + timedelta(hours=3)
    proof = decide(replace(FACTS, check_in=replace(AT_HOME, received_at=late), check_out=Mark(END, late)))
    assert proof.verdict == "proven"
    assert proof.elements["times"] | {"ok": True} == proof.elements["times"]
    assert (proof.elements["times"]["code"], proof.elements["times"]["skew_s"]) == ("offline", 10_800)


def test_an_emergency_is_not_short_and_may_pass_midnight() -> None:
    quick = Mark(NOW + timedelta(minutes=3), NOW + timedelta(minutes=3))
    facts = replace(FACTS, is_emergency=True, check_out=quick, served_on=date(2026, 11, 22))
    assert decide(facts).verdict == "proven"


PLACES = [
    (AT_HOME, "at_home", "proven"),
    (replace(AT_HOME, lat=LAT + 0.00152), "at_home", "proven"),
    (replace(AT_HOME, lat=LAT + 0.00155), "outside", "contradicted"),
    (replace(AT_HOME, lat=LAT + 0.0015, accuracy_m=2000), "not_known", "doubted"),
    (replace(AT_HOME, lat=LAT + 0.001, accuracy_m=2000), "at_home", "proven"),
    (replace(AT_HOME, lat=LAT + 0.0255, accuracy_m=2000), "outside", "contradicted"),
    (replace(AT_HOME, lat=LAT + 0.01, code="valid"), "phone_elsewhere", "doubted"),
    (Mark(NOW, NOW, code="valid", code_kind="printed"), "at_home", "doubted"),
    (Mark(NOW, NOW, code="valid", code_kind="rotating"), "at_home", "proven"),
    (Mark(NOW, NOW, code="valid", code_kind="spoken"), "at_home", "proven"),
    (Mark(NOW, NOW, code="invalid"), "not_known", "contradicted"),
    (replace(AT_HOME, code="other_home"), "at_home", "doubted"),
]


@pytest.mark.parametrize(("mark", "place", "verdict"), PLACES)
def test_the_place_is_weighed_from_phone_and_code(mark: Mark, place: str, verdict: str) -> None:
    proof = decide(replace(FACTS, check_in=mark))
    assert (proof.elements["place"]["code"], proof.verdict) == (place, verdict)


DEVICES: list[tuple[dict[str, Any], str, str, str]] = [
    ({}, "absent", "no_devices", "proven"),
    ({"home": Home((Sensor(DOOR, "open", None),))}, "absent", "devices_silent", "proven"),
    (
        {"home": Home((Sensor(DOOR, "open", NOW - timedelta(hours=26)),))},
        "absent",
        "devices_silent",
        "proven",
    ),
    ({"home": Home(SENSORS, DOOR_MOVED)}, "agrees", "door_moved", "proven"),
    (
        {"home": Home(SENSORS, (at(5, MOTION, "occupied", value=True),))},
        "agrees",
        "motion",
        "proven",
    ),
    ({"home": Home(SENSORS[:1], IN_BED)}, "absent", "no_change", "proven"),
    ({"home": Home(SENSORS, IN_BED)}, "contradicts", "no_trace", "doubted"),
    (
        {"home": Home(SENSORS, IN_BED + DOOR_MOVED), "service": "bath"},
        "contradicts",
        "bed_occupied",
        "contradicted",
    ),
    (
        {
            "home": Home(SENSORS, (*IN_BED, at(9, BED, "in_bed", value=False))),
            "service": "bath",
        },
        "agrees",
        "bed_changed",
        "proven",
    ),
    ({"home": Home(SENSORS, DOOR_MOVED), "service": "bath"}, "agrees", "door_moved", "proven"),
]


@pytest.mark.parametrize(("change", "says", "code", "verdict"), DEVICES)
def test_the_homes_own_devices_are_a_witness(
    change: dict[str, Any], says: str, code: str, verdict: str
) -> None:
    facts = replace(FACTS, **change)
    found = witness(facts, "devices")
    assert (found["says"], found["code"], decide(facts).verdict) == (says, code, verdict)


def test_a_visit_without_any_witness_is_doubted_and_devices_alone_can_prove_it() -> None:
    alone = replace(FACTS, check_in=Mark(NOW, NOW))
    assert decide(alone).verdict == "doubted"
    seen = replace(alone, home=Home(SENSORS, DOOR_MOVED))
    assert witness(seen, "devices")["says"] == "agrees"
    assert decide(seen).elements["place"]["code"] == "not_known"


def test_who_lives_there_has_the_last_word() -> None:
    yes, no = Confirmation("family", agrees=True), Confirmation("family", agrees=False)
    assert decide(replace(FACTS, confirmations=(yes,))).verdict == "proven"
    denied = decide(replace(FACTS, confirmations=(yes, no)))
    assert denied.verdict == "contradicted"
    assert "elder:denied" in denied.flags


def test_changes_are_counted_per_device_against_what_it_said_before() -> None:
    other = UUID(int=9)
    readings = (
        at(-60, DOOR, "open", value=True),
        at(1, DOOR, "open", value=True),
        at(2, DOOR, "open", value=False),
        at(3, other, "open", value=False),
        at(90, DOOR, "open", value=True),
    )
    assert changes(readings, "open", NOW, END) == 1


def test_an_arrival_is_the_door_near_check_in_and_nothing_else() -> None:
    assert arrived(NOW, DOOR_MOVED)
    assert not arrived(NOW, (at(0, MOTION, "occupied", value=True),))
    assert not arrived(NOW, (at(-11, DOOR, "open", value=True), at(-10.5, DOOR, "open", value=False)))


READINGS = st.lists(
    st.builds(
        Reading,
        st.sampled_from([BED, DOOR, MOTION]),
        st.sampled_from(["in_bed", "open", "occupied"]),
        st.integers(-120, 120).map(lambda m: NOW + timedelta(minutes=m)),
        st.booleans(),
    ),
    max_size=30,
)


@given(readings=READINGS, data=st.data())
def test_the_order_of_readings_does_not_matter_and_nothing_ever_blocks(
    readings: list[Reading], data: st.DataObject
) -> None:
    unique = list({(r.device_id, r.metric, r.at): r for r in readings}.values())
    found = devices("bath", NOW, END, Home(SENSORS, unique))
    assert found == devices("bath", NOW, END, Home(SENSORS, data.draw(st.permutations(unique))))
    proof = decide(replace(FACTS, home=Home(SENSORS, unique)))
    assert proof.verdict in {"proven", "doubted", "contradicted"}
