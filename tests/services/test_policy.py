"""The scheme of Hekou by hand, and schemes that are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from services import hypothetical, policy

FILE = Path(policy.__file__).parents[1] / "data" / "schemes" / "hekou_home_visits.toml"
TEXT = FILE.read_text(encoding="utf-8")
HEKOU = policy.parse(TEXT)
CASE = {
    "grade": "moderate",
    "category": "general",
    "on": "2026-11-21",
    "service": "bath",
    "units": 1,
    "used": "0",
}


def price(**changes: Any) -> dict[str, Any]:
    [answer] = hypothetical.price_lines(HEKOU, [json.dumps({**CASE, **changes})])
    return answer


def codes(answer: dict[str, Any]) -> list[str]:
    return [line["code"] for line in answer["explanation"]]


@pytest.mark.parametrize(
    ("grade", "quota"),
    [
        ("intact", "200.00"),
        ("mild", "200.00"),
        ("moderate", "260.00"),
        ("severe", "320.00"),
        ("total", "320.00"),
    ],
)
def test_each_grade_of_hekou_has_its_quota(grade: str, quota: str) -> None:
    assert price(grade=grade)["quota"] == quota


def test_total_takes_the_rate_of_severe_and_says_so() -> None:
    answer = price(grade="total")
    assert answer["explanation"][0] == {
        "code": "rate_mapped",
        "scheme": "hekou_home_visits",
        "version": "1",
        "grade": "total",
        "as_grade": "severe",
        "rate": "320.00",
    }


def test_total_without_the_districts_setting_has_no_rate() -> None:
    [answer] = hypothetical.price_lines(HEKOU, [json.dumps({**CASE, "grade": "total"})], fallback={})
    assert answer["errors"][0]["code"] == "no_rate"


def test_a_quota_that_ends_within_a_visit_is_split() -> None:
    answer = price(used="210.00")
    assert (answer["amount"], answer["subsidy"], answer["copay"]) == ("80.00", "50.00", "30.00")
    assert codes(answer) == ["rate", "example_price", "amount", "quota_left", "subsidy_partial"]


def test_a_price_of_the_case_replaces_the_example() -> None:
    answer = price(price="99.90")
    assert (answer["amount"], codes(answer)[1]) == ("99.90", "amount")


def test_a_service_outside_the_scheme_is_paid_by_the_person() -> None:
    answer = price(service="comfort", price="50")
    assert (answer["subsidy"], answer["copay"], codes(answer)[-1]) == ("0.00", "50.00", "service_not_covered")


def test_a_person_outside_the_scheme_pays() -> None:
    narrow = HEKOU.model_copy(update={"categories": ("tekun",)})
    [answer] = hypothetical.price_lines(narrow, [json.dumps(CASE)])
    assert (answer["subsidy"], codes(answer)[-1]) == ("0.00", "category_not_covered")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"grade": "4"}, "grade", "grade"),
        ({"on": "2020-12-31"}, "on", "not_in_force"),
        ({"service": "comfort"}, "price", "no_price"),
        ({"units": 0}, "units", "greater_than"),
        ({"used": "-1"}, "used", "greater_than_equal"),
        ({"colour": 1}, "colour", "extra_forbidden"),
    ],
)
def test_a_wrong_case_is_answered_by_field(changes: dict[str, Any], field: str, code: str) -> None:
    answer = price(**changes)
    assert (answer["line"], answer["errors"][0]["field"], answer["errors"][0]["code"]) == (1, field, code)


def test_a_line_that_is_no_json_is_answered_and_the_next_one_too() -> None:
    first, second = hypothetical.price_lines(HEKOU, ["{", "", json.dumps(CASE)])
    assert first["errors"][0]["code"] == "json"
    assert second["amount"] == "80.00"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('code = "hekou_home_visits"', 'code = "Hekou"', "code"),
        ("version = 1", "version = 0", "version"),
        ('district = "370503"', 'district = "3705"', "district"),
        ("effective_from = 2021-01-01", 'effective_from = "soon"', "effective_from"),
        (
            "effective_from = 2021-01-01",
            "effective_from = 2021-01-01\neffective_to = 2020-01-01",
            "effective_to",
        ),
        ("effective_from = 2021-01-01", "effective_from = 2021-01-15", "effective_from"),
        (
            "effective_from = 2021-01-01",
            "effective_from = 2021-01-01\neffective_to = 2021-06-15",
            "effective_to",
        ),
        ('intact = "200.00"', 'intact = "200.005"', "rates.intact"),
        ('intact = "200.00"', 'intact = "-200"', "rates.intact"),
        ('intact = "200.00"', "intact = 200.0", "rates.intact"),
        ('intact = "200.00"', 'well = "200.00"', "rates"),
        ('no_rate = "district"', 'no_rate = "guess"', "no_rate"),
        ('services = ["meal",', 'services = ["dance",', "services.0"),
        ('scale = "gbt_42195"', 'scale = "gbt"', "scale"),
        ('scale = "gbt_42195"', 'scale = "gbt_42195"\ncolour = "red"', "colour"),
    ],
)
def test_a_wrong_scheme_is_refused_by_field(old: str, new: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        policy.parse(TEXT.replace(old, new))
    errors: Any = refused.value.extra["errors"]
    assert [error["field"] for error in errors] == [field]


def test_a_file_that_is_no_toml_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="not TOML"):
        policy.parse("code = ")
    with pytest.raises(Invalid) as refused:
        policy.parse("code = \nversion = 1")
    errors: Any = refused.value.extra["errors"]
    assert errors[0]["message"].startswith("line 1, column 8 cannot be read")
