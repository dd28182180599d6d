"""Settlement's decisions by hand: chain, budgets, deductions, vouchers, files."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.districts import DistrictSettings
from services import policy
from services.settlement import burning, chain, offsets, paid_files, penalties, plain
from services.settlement.paid_files import Mistake
from tests.services.worlds import TEXT

D = Decimal
YUAN = st.decimals(min_value=0, max_value=2000, places=2)


def test_a_root_is_made_of_blocks_of_256_lines() -> None:
    lines = [chain.line_hash(str(nth)) for nth in range(257)]
    first, second = hashlib.sha256(b"".join(lines[:256])).digest(), hashlib.sha256(lines[256]).digest()
    assert chain.block_hash(lines[:256]) == first
    assert chain.root(lines) == hashlib.sha256(first + second).digest()
    assert chain.root([]) == hashlib.sha256(b"").digest()
    assert chain.link(chain.NOTHING, 1, "b", b"r") == hashlib.sha256(bytes(32) + b"1\nb\nr").digest()
    assert chain.body({"b": "2", "a": "1"}) == '{"a":"1","b":"2"}'


def test_a_budget_burns_down_and_says_when_it_breaks() -> None:
    half = burning.burn(D(365), D(182), 2026, date(2026, 7, 1))  # day 182 of 365: a yuan a day
    assert (half.left, half.share, half.forecast, half.breaks_on, half.level) == (
        D(183),
        D("49.9"),
        D("365.00"),
        None,
        None,
    )
    fast = burning.burn(D(1000), D(850), 2026, date(2026, 7, 19))  # day 200: 4.25 a day, 1,000 after 235 days
    assert (fast.level, fast.breaks_on, fast.forecast) == (80, date(2026, 8, 24), D("1551.25"))
    over = burning.burn(D(100), D(120), 2026, date(2026, 5, 1))
    assert (over.level, over.breaks_on, over.left) == (100, date(2026, 5, 1), D(-20))
    assert burning.burn(D(100), D(95), 2026, date(2026, 1, 14)).forecast is None
    assert burning.burn(D(100), D(0), 2026, date(2026, 6, 1)).forecast is None
    assert burning.burn(D(100), D(50), 2026, date(2027, 3, 1)).forecast == D("50.00")


TERMS: dict[str, Any] = {
    "number": "C-1",
    "response_minutes": 30,
    "late_penalty": D(50),
    "hours_least": D(100),
    "hours_penalty": D("12.50"),
}


def test_a_late_emergency_costs_what_the_contract_says() -> None:
    visit, claim = uuid4(), uuid4()
    [one] = penalties.late(TERMS, [{"id": visit, "claim_id": claim, "minutes": 45}])
    assert (one.amount, one.visit, one.claim) == (D("-50.00"), visit, claim)
    assert (
        penalties.late({**TERMS, "late_penalty": D(0)}, [{"id": visit, "claim_id": claim, "minutes": 45}])
        == []
    )
    assert penalties.late({**TERMS, "response_minutes": None}, []) == []


def test_missing_hours_cost_by_the_hour() -> None:
    missing = penalties.too_few_hours(TERMS, D("98.5"))
    assert missing is not None
    assert missing.amount == D("-18.75")
    assert missing.explanation[0]["missing"] == "1.5"
    for terms, hours in (
        (TERMS, D(100)),
        ({**TERMS, "hours_least": None}, D(1)),
        ({**TERMS, "hours_penalty": D(0)}, D(1)),
    ):
        assert penalties.too_few_hours(terms, hours) is None
    assert penalties.too_few_hours({**TERMS, "hours_penalty": D("0.01")}, D("99.9")) is None


@given(YUAN, YUAN, YUAN, st.booleans())
def test_a_voucher_is_parted_without_rest(
    amount: Decimal, copay: Decimal, subsidy: Decimal, first: object
) -> None:
    parted = offsets.part(amount, copay=copay, subsidy=subsidy, subsidy_first=bool(first))
    assert parted.of_copay + parted.of_subsidy + parted.over == amount
    assert 0 <= parted.of_copay <= copay
    assert 0 <= parted.of_subsidy <= subsidy
    assert parted.over == max(amount - copay - subsidy, 0)


def test_a_voucher_takes_off_the_persons_share_first_unless_the_scheme_pays_by_voucher() -> None:
    assert offsets.part(D(50), copay=D(20), subsidy=D(60), subsidy_first=False) == offsets.Offset(
        D(20), D(30), D(0)
    )
    assert offsets.part(D(50), copay=D(20), subsidy=D(60), subsidy_first=True) == offsets.Offset(
        D(0), D(50), D(0)
    )


BANK = ("statement", "amount", "date", "reference")
VOUCHER = ("voucher", "id_number", "date", "service", "amount")
NUMBER = "11010519491231002X"


def test_a_banks_file_is_read_under_its_title() -> None:
    cells = [
        ("payments",),
        BANK,
        (1.0, "1,234.50", datetime(2026, 12, 3, tzinfo=UTC), "R1"),
        ("", "", "", ""),
        ("2", 7, date(2026, 12, 4), 9),
    ]
    lines, wrong, used = paid_files.read("bank", cells, {})
    assert wrong == []
    assert [dict(line.values) for line in lines] == [
        {"statement": "1", "amount": D("1234.50"), "paid_on": date(2026, 12, 3), "reference": "R1"},
        {"statement": "2", "amount": D("7.00"), "paid_on": date(2026, 12, 4), "reference": "9"},
    ]
    assert [line.number for line in lines] == [3, 5]
    assert used == {"statement": "statement", "amount": "amount", "paid_on": "date", "reference": "reference"}


def test_a_districts_own_headings_go_first() -> None:
    cells = [("what", "amount", "date", "reference"), ("3", "1", "2026/12/01", "x")]
    assert paid_files.read("bank", cells, {})[1] == [Mistake(0, "statement", "no_headings")]
    lines, wrong, _ = paid_files.read("bank", cells, {"statement": "what"})
    assert (len(lines), wrong) == (1, [])


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (("", "1", "2026-12-01", "x"), "statement", "missing"),
        (("1", "1.005", "2026-12-01", "x"), "amount", "amount"),
        (("1", "-1", "2026-12-01", "x"), "amount", "amount"),
        (("1", True, "2026-12-01", "x"), "amount", "amount"),
        (("1", "much", "2026-12-01", "x"), "amount", "amount"),
        (("1", "NaN", "2026-12-01", "x"), "amount", "amount"),
        (("1", "1", "2026-13-01", "x"), "paid_on", "date"),
        (("1", "1", "2026-12-01"), "reference", "missing"),
    ],
)
def test_a_wrong_cell_is_named_by_its_row_and_column(row: tuple[object, ...], column: str, code: str) -> None:
    assert paid_files.read("bank", [BANK, row], {})[1] == [Mistake(2, column, code)]


def test_a_spreadsheets_fraction_is_taken_to_the_fen() -> None:
    assert paid_files.amount(0.1 + 0.2) == D("0.30")


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (("V1", NUMBER.lower(), "2026-11-02", "bath", 20), None),
        (("V1", 1.1010519491231e17, "2026-11-02", "bath", 20), ("id_number", "excel_damage")),
        (("V1", "1.10105E+17", "2026-11-02", "bath", 20), ("id_number", "excel_damage")),
        (("V1", "123", "2026-11-02", "bath", 20), ("id_number", "id_number")),
        (("V1", NUMBER, "2026-11-02", "massage", 20), ("service", "unknown_service")),
        (("V1", "", "2026-11-02", "bath", 20), ("claim", "missing")),
    ],
)
def test_a_voucher_names_whom_it_was_for(row: tuple[object, ...], wrong: tuple[str, str] | None) -> None:
    lines, mistakes, _ = paid_files.read("voucher", [VOUCHER, row], {})
    assert mistakes == ([Mistake(2, *wrong)] if wrong else [])
    if wrong is None:
        assert lines[0].values["id_number"] == NUMBER


def test_the_same_voucher_twice_and_an_empty_file_are_mistakes() -> None:
    row = ("V1", NUMBER, "2026-11-02", "bath", 20)
    assert paid_files.read("voucher", [VOUCHER, row, row], {})[1] == [Mistake(3, "code", "twice")]
    assert paid_files.read("voucher", [VOUCHER], {})[1] == [Mistake(0, "code", "empty")]
    assert paid_files.read("voucher", [("voucher", "date", "amount")], {})[1][0].code == "no_headings"


def test_a_scheme_is_described_by_its_rates() -> None:
    scheme, identity = policy.parse(TEXT), uuid4()
    [one] = plain.described([(identity, scheme)], DistrictSettings.model_validate({}).grade_fallback)
    assert {row["grade"]: row["quota"] for row in one["rates"]} == {
        "intact": "200.00",
        "mild": "200.00",
        "moderate": "260.00",
        "severe": "320.00",
        "total": "320.00",
    }
    [bare] = plain.described([(identity, scheme)], {})
    assert "total" not in {row["grade"] for row in bare["rates"]}
