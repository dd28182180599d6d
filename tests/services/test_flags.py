"""What is doubtful about a visit, as codes on its claim."""

from datetime import date
from typing import Any

import pytest

from services import flags

DAY = date(2026, 11, 21)
PROOFS = [
    ("proven, whatever fails", ("proven", {"place": {"ok": False}}, []), []),
    ("never proven", (None, None, None), ["no_proof"]),
    ("doubted without a reason", ("doubted", None, None), ["doubted"]),
    (
        "elements that fail",
        ("doubted", {"times": {"ok": False}, "place": {}, "date": {"ok": True}}, ()),
        ["doubted", "proof_place", "proof_times"],
    ),
    (
        "witnesses who contradict",
        (
            "contradicted",
            {},
            [
                {"witness": "phone", "says": "contradicts"},
                {"witness": "code", "says": "agrees"},
                {"witness": "devices", "says": "contradicts"},
                {"witness": "elder"},
            ],
        ),
        ["contradicted", "witness_devices", "witness_phone"],
    ),
]


@pytest.mark.parametrize(("proof", "codes"), [row[1:] for row in PROOFS], ids=[row[0] for row in PROOFS])
def test_a_proof_s_doubts_stand_on_the_claim(proof: tuple[Any, Any, Any], codes: list[str]) -> None:
    assert flags.of_proof(*proof) == codes


@pytest.mark.parametrize(
    ("died_on", "absence", "codes"),
    [
        (None, None, []),
        (DAY, None, []),
        (date(2026, 11, 20), None, ["after_death"]),
        (None, "hospital", ["absent"]),
        (date(2026, 1, 1), "hospital", ["after_death", "absent"]),
    ],
)
def test_a_visit_after_a_death_or_in_an_absence_says_so(
    died_on: date | None, absence: str | None, codes: list[str]
) -> None:
    assert flags.of_person(DAY, died_on, absence) == codes
