"""Months to judge by: labelled, reproducible, and as their labels say."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from tests.judging.generator import Row, months

KINDS = {
    "never_made",
    "shortened",
    "faked_place",
    "reused_photo",
    "back_filled",
    "billed_away",
    "overlapping",
    "impossible_travel",
    "contradicted",
}


@pytest.fixture(scope="module")
def month() -> tuple[list[Row], list[Row]]:
    return months(3)


def of(rows: list[Row], kind: str) -> list[Row]:
    return [row for row in rows if row["type"] == kind]


def test_each_of_the_nine_kinds_is_there_several_times(month: Any) -> None:
    _, labels = month
    mains = Counter(label["kinds"][0] for label in labels)
    assert set(mains) == KINDS
    assert min(mains.values()) >= 5


def test_most_visits_are_honest_and_each_label_names_one_visit(month: Any) -> None:
    rows, labels = month
    visits = {row["id"] for row in of(rows, "visit")}
    named = [label["visit_id"] for label in labels]
    assert len(visits) > 900
    assert len(named) == len(set(named)) < len(visits) * 0.2
    assert set(named) <= visits


def test_the_same_seed_gives_the_same_month_and_another_seed_another(month: Any) -> None:
    assert months(3) == month
    assert months(4)[1] != month[1]


def test_ids_are_unique_within_their_type_and_readings_are_of_known_devices(month: Any) -> None:
    rows, _ = month
    for kind in ("home", "person", "caregiver", "device", "visit"):
        names = [row["id"] for row in of(rows, kind)]
        assert len(names) == len(set(names))
    devices = {row["id"] for row in of(rows, "device")}
    assert {row["device_id"] for row in of(rows, "reading")} <= devices


def test_who_is_billed_away_is_away_in_the_registers(month: Any) -> None:
    rows, labels = month
    died = {row["id"]: row["died_on"] for row in of(rows, "person") if "died_on" in row}
    away = {row["person_id"]: (row["starts_on"], row["ends_on"]) for row in of(rows, "absence")}
    visits = {row["id"]: row for row in of(rows, "visit")}
    for label in labels:
        if label["kinds"][0] == "billed_away":
            visit = visits[label["visit_id"]]
            day = visit["check_in"]["at"][:10]
            person = visit["person_id"]
            first, last = away.get(person, ("9999", ""))
            assert first < day < last or died.get(person, "9999") < day


def test_honest_visits_are_never_much_shorter_than_planned(month: Any) -> None:
    rows, labels = month
    named = {label["visit_id"] for label in labels}
    for row in of(rows, "visit"):
        if row["id"] not in named:
            begins, ends = (datetime.fromisoformat(row[mark]["at"]) for mark in ("check_in", "check_out"))
            assert (ends - begins).total_seconds() > row["planned_minutes"] * 60 * 0.8
