"""The checks over whole months of two generators, and every figure of what they claim."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.fraud import judging, month_files, scoring, thresholds
from services.fraud.records import KINDS, Finding
from tests.fraud.generator.months import month
from tests.judging.generator import months


def found_in(rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    read = month_files.read(json.dumps(row) for row in rows)
    assert read.rejected == []
    return judging.judge(read.month, thresholds.defaults())


def test_every_kind_is_found_and_honest_visits_are_left_alone() -> None:
    rows, labels = month(103, caregivers=14, per_kind=6)
    score = scoring.score(found_in(rows), labels)
    assert score["overall"].recall >= 0.92  # of 54; the bar is measured by the bench, over thousands
    assert score["overall"].precision >= 0.90
    assert {kind: one.recall >= 0.8 for kind, one in score.items()} == dict.fromkeys(
        (*KINDS, "overall"), True
    )


def test_a_month_of_another_hand_is_judged_as_well() -> None:
    rows, labelled = months(103)
    score = scoring.score(found_in(rows), {one["visit_id"]: one["kinds"] for one in labelled})
    assert score["overall"].recall >= 0.95
    assert score["overall"].precision >= 0.90


@pytest.mark.parametrize("seed", [7])
def test_a_month_without_fraud_stays_quiet(seed: int) -> None:
    rows, labels = month(seed, caregivers=14, per_kind=0)
    assert labels == {}
    visits = sum(row["type"] == "visit" for row in rows)
    assert sum(one.visit is not None for one in found_in(rows)) < visits / 250


def test_every_finding_has_one_main_kind_and_says_what_it_rests_on() -> None:
    rows, _ = month(9, caregivers=12, per_kind=4)
    found = [one for one in found_in(rows) if one.visit is not None]
    for visit in {one.visit for one in found}:
        mine = [one for one in found if one.visit == visit]
        assert sum(one.is_main for one in mine) == 1
        assert len({one.kind for one in mine}) == len(mine)
    assert all(one.evidence and 0 < one.score <= 1 for one in found)


def test_the_same_month_in_another_order_gives_the_same_findings() -> None:
    rows, _ = month(10, caregivers=10, per_kind=4)
    assert found_in(rows) == found_in(rows[::-1])
