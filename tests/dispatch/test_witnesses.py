"""Photos, signatures, the second caregiver, the home's silence: each says what it can, and no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import home_witness
from dispatch.home_witness import Home, Reading, Sensor
from dispatch.proof import Facts, Way, decide, weigh
from dispatch.witnesses import Companion, Confirmation, Finding, Mark, Photo, Signature
from tests.dispatch.test_proof import (
    AT_HOME,
    BED,
    DOOR,
    END,
    FACTS,
    IN_BED,
    LAT,
    MOTION,
    OUT,
    SENSORS,
    at,
    witness,
)
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
OTHER = UUID(int=77)
PAIR = replace(FACTS, staff=2, companion=Companion(AT_HOME, OUT))
ORDER = {"contradicted": 0, "doubted": 1, "proven": 2}

PAPERS: list[tuple[Facts, str, str, str, str]] = [
    (FACTS, "photo", "absent", "no_photo", "proven"),
    (replace(FACTS, photos=[Photo(NOW)]), "photo", "agrees", "taken", "proven"),
    (replace(FACTS, photos=[Photo(END + 11 * MINUTE)]), "photo", "absent", "taken_elsewhen", "proven"),
    (replace(FACTS, photos=[Photo(NOW, OTHER)]), "photo", "contradicts", "reused", "doubted"),
    (replace(FACTS, visit_id=OTHER, photos=[Photo(NOW, OTHER)]), "photo", "agrees", "taken", "proven"),
    (
        replace(FACTS, signatures=[Signature("elder", is_intact=True)]),
        "signature",
        "agrees",
        "signed",
        "proven",
    ),
    (
        replace(FACTS, signatures=[Signature("elder", is_intact=False)]),
        "signature",
        "contradicts",
        "altered",
        "doubted",
    ),
    (PAIR, "companion", "agrees", "second_there", "proven"),
    (replace(PAIR, companion=None), "companion", "absent", "second_missing", "doubted"),
    (replace(PAIR, companion=Companion()), "companion", "absent", "second_missing", "doubted"),
    (replace(PAIR, companion=Companion(AT_HOME)), "companion", "agrees", "second_there", "proven"),
    (
        replace(PAIR, companion=Companion(replace(AT_HOME, lat=LAT + 1), OUT)),
        "companion",
        "contradicts",
        "second_elsewhere",
        "doubted",
    ),
    (
        replace(PAIR, companion=Companion(replace(AT_HOME, at=END), OUT)),
        "companion",
        "contradicts",
        "second_apart",
        "doubted",
    ),
    (replace(PAIR, companion=Companion(OUT, OUT)), "companion", "contradicts", "second_apart", "doubted"),
    (
        replace(PAIR, companion=Companion(Mark(NOW, NOW), OUT)),
        "companion",
        "absent",
        "second_no_position",
        "proven",
    ),
    (
        replace(PAIR, companion=Companion(AT_HOME, Mark(NOW + 20 * MINUTE, END))),
        "companion",
        "agrees",
        "second_there",
        "doubted",
    ),
]


@pytest.mark.parametrize(("facts", "name", "says", "code", "verdict"), PAPERS)
def test_papers_and_the_second_caregiver_are_witnesses(
    facts: Facts, name: str, says: str, code: str, verdict: str
) -> None:
    found = witness(facts, name)
    assert (found["says"], found["code"], decide(facts).verdict) == (says, code, verdict)


def test_what_the_own_phone_made_proves_nothing_and_outweighs_nothing() -> None:
    made = {"photos": [Photo(NOW)], "signatures": [Signature("elder", is_intact=True)]}
    assert decide(replace(FACTS, check_in=Mark(NOW, NOW), **made)).verdict == "doubted"  # type: ignore[arg-type]
    far = replace(FACTS, check_in=replace(AT_HOME, lat=LAT + 1), **made)  # type: ignore[arg-type]
    assert decide(far).verdict == "contradicted"


TIMES: list[tuple[dict[str, Any], str, bool]] = [
    ({"way": Way(30.0, 10.0)}, "impossible_travel", False),
    ({"way": Way(30.0, 21.0)}, "in_time", True),
    ({"way": Way(0.9, 0.0)}, "in_time", True),
    ({"way": Way(2.0, -5.0)}, "impossible_travel", False),
    ({"check_in": replace(AT_HOME, clock="moved", clock_off_s=3600)}, "clock_moved", False),
    ({"check_in": replace(AT_HOME, clock="off", clock_off_s=-3600)}, "clock_off", True),
    ({"check_out": replace(OUT, clock="corrected")}, "corrected", True),
]


@pytest.mark.parametrize(("change", "code", "is_ok"), TIMES)
def test_clocks_and_ways_are_looked_at(change: dict[str, Any], code: str, is_ok: bool) -> None:  # noqa: FBT001 - a table's column
    times = decide(replace(FACTS, **change)).elements["times"]
    assert (times["code"], times["ok"]) == (code, is_ok)


def test_who_checks_out_far_away_left_before() -> None:
    proof = decide(replace(FACTS, check_out=replace(OUT, lat=LAT + 0.03, lon=118.526)))
    assert (proof.verdict, proof.elements["place"]["code"]) == ("doubted", "left_before")
    assert proof.elements["place"]["end_distance_m"] > proof.elements["place"]["end_limit_m"]


SHUT = at(-60, DOOR, "open", value=False)
STAYED = (SHUT, at(20, MOTION, "occupied", value=True))
CAME = (SHUT, at(0, DOOR, "open", value=True), at(1, DOOR, "open", value=False))
LISTENING = END + timedelta(hours=1)
MAINS = Sensor(BED, "in_bed", END + timedelta(days=3), timedelta(minutes=15))
HOMES: list[tuple[Home, str, timedelta, str, str]] = [
    (Home(SENSORS, STAYED), "clean", END - NOW, "contradicts", "door_shut"),
    (Home(SENSORS, STAYED), "clean", 29 * MINUTE, "agrees", "motion"),
    (Home(SENSORS, STAYED[1:]), "clean", END - NOW, "agrees", "motion"),
    (
        Home([replace(one, is_entrance=False) for one in SENSORS], STAYED),
        "clean",
        END - NOW,
        "agrees",
        "motion",
    ),
    (Home(SENSORS, CAME), "clean", END - NOW, "agrees", "door_moved"),
    (Home(SENSORS, CAME, until=END), "clean", END - NOW, "agrees", "door_moved"),
    (Home(SENSORS, CAME, until=LISTENING), "clean", END - NOW, "contradicts", "nobody_left"),
    (
        Home(SENSORS, (*CAME, at(57, DOOR, "open", value=True)), until=LISTENING),
        "clean",
        END - NOW,
        "agrees",
        "door_moved",
    ),
    (Home(SENSORS, [SHUT], [(NOW, NOW + MINUTE)]), "clean", END - NOW, "absent", "not_listening"),
    (Home(SENSORS, IN_BED, [(NOW, NOW + MINUTE)]), "bath", END - NOW, "absent", "not_listening"),
    (
        Home(SENSORS, IN_BED, [(END + 99 * MINUTE, END + 100 * MINUTE)]),
        "bath",
        END - NOW,
        "contradicts",
        "bed_occupied",
    ),
    (Home(SENSORS, IN_BED), "bath", timedelta(seconds=40), "absent", "too_short"),
    (Home([MAINS], IN_BED), "bath", END - NOW, "absent", "devices_silent"),
    (Home([MAINS], [at(-12, BED, "in_bed", value=True)]), "bath", 14 * MINUTE, "absent", "no_change"),
    (Home([MAINS], [at(-12, BED, "in_bed", value=True)]), "bath", 15 * MINUTE, "contradicts", "bed_occupied"),
    (
        Home([replace(MAINS, last_seen_at=NOW)], [at(-30, BED, "in_bed", value=True)]),
        "bath",
        END - NOW,
        "contradicts",
        "bed_occupied",
    ),
]


@pytest.mark.parametrize(("home", "service", "lasts", "says", "code"), HOMES)
def test_silence_counts_only_where_somebody_would_have_been_heard(
    home: Home, service: str, lasts: timedelta, says: str, code: str
) -> None:
    found = home_witness.devices(service, NOW, NOW + lasts, home)
    assert (found["says"], found["code"]) == (says, code)


FINDINGS = st.lists(
    st.builds(
        lambda name, says, strong: {"witness": name, "says": says, "code": "x", "strong": strong},
        st.sampled_from(["phone", "code", "devices", "elder", "photo", "signature", "companion"]),
        st.sampled_from(["agrees", "absent", "contradicts"]),
        st.booleans(),
    ),
    max_size=7,
    unique_by=lambda one: one["witness"],
)


@given(heard=FINDINGS, is_whole=st.booleans(), data=st.data())
def test_more_that_agrees_never_harms_silence_changes_nothing_and_order_is_nothing(
    heard: list[Finding],
    is_whole: bool,  # noqa: FBT001 - drawn
    data: st.DataObject,
) -> None:
    verdict = weigh(is_whole, heard)
    for one in heard:
        if one["says"] == "absent":
            others = [other for other in heard if other is not one]
            better = [{**other, "says": "agrees"} if other is one else other for other in heard]
            assert weigh(is_whole, others) == verdict
            assert ORDER[weigh(is_whole, better)] >= ORDER[verdict]
    if not any(one["says"] == "contradicts" for one in heard):
        assert verdict != "contradicted"
    assert weigh(is_whole, data.draw(st.permutations(heard))) == verdict


MARKS = st.builds(
    Mark,
    st.integers(-90, 90).map(lambda m: NOW + m * MINUTE),
    st.integers(0, 3000).map(lambda m: NOW + m * MINUTE),
    st.one_of(st.none(), st.floats(37.8, 38.0)),
    st.one_of(st.none(), st.just(118.526)),
    st.one_of(st.none(), st.floats(0, 3000)),
    st.sampled_from([None, "valid", "invalid"]),
    st.sampled_from([None, "printed", "rotating", "spoken"]),
    st.sampled_from([None, "off", "moved", "corrected"]),
    st.just(7),
)
SAID = st.lists(
    st.builds(
        Reading,
        st.sampled_from([BED, DOOR, MOTION]),
        st.sampled_from(["in_bed", "open", "occupied"]),
        st.integers(-200, 200).map(lambda m: NOW + m * MINUTE),
        st.booleans(),
    ),
    max_size=20,
    unique_by=lambda one: (one.device_id, one.metric, one.at),
)


@given(start=MARKS, end=MARKS, said=SAID, zone=st.sampled_from(["Asia/Shanghai", "America/New_York"]))
def test_it_is_the_same_in_every_time_zone(
    start: Mark, end: Mark, said: Sequence[Reading], zone: str
) -> None:
    there = ZoneInfo(zone)
    here = replace(FACTS, check_in=start, check_out=end, home=Home(SENSORS, said, until=END))
    far = replace(
        here,
        check_in=replace(start, at=start.at.astimezone(there)),
        check_out=replace(end, received_at=end.received_at.astimezone(there)),
        home=Home(SENSORS, [replace(one, at=one.at.astimezone(there)) for one in said], until=END),
    )
    assert decide(far) == decide(here)
    agreed = decide(replace(here, confirmations=[Confirmation("elder", agrees=True)]))
    assert ORDER[agreed.verdict] >= ORDER[decide(here).verdict]
