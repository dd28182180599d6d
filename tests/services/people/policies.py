"""Schemes as texts: an allowance from 80 with a proof of life, another for poor and disabled people."""

from datetime import date
from typing import Any

from services.policy import Scheme, Subject, parse

OLD_AGE = """
code = "old_age"
version = 1
name = "高龄津贴"
name_en = "Old-age allowance"
district = "370503"
effective_from = 2026-01-01
kind = "allowance"
needs_life_proof = true
[who]
age_from = 80
household = "here"
[suspension]
institution = 0
[[amounts]]
amount = "100"
"""
POOR = """
code = "poor_care"
version = 1
name = "困难老人护理补贴"
name_en = "Care allowance for the poor"
district = "370503"
effective_from = 2026-01-01
kind = "allowance"
scale = "disability_certificate"
yields_to_drawn = ["ltci"]
[who]
assistance = ["dibao"]
grades = { disability_certificate = ["1", "2"] }
[rates]
"1" = "138"
"2" = "132"
"""


def old_age() -> Scheme:
    return parse(OLD_AGE)


def poor() -> Scheme:
    return parse(POOR)


def subject(**given: Any) -> Subject:
    """Return a woman born on 5 March 1942: 84 on the tests' day."""
    return Subject(
        **{"born_on": date(1942, 3, 5), "died_on": None, "gender": "female", "category": "general", **given}
    )
