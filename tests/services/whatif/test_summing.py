"""Months of people added up: by month with intervals, by town and grade, who gains and who loses."""

from datetime import date

from services.whatif.summing import Months, summary, yuan

MONTHS = (date(2026, 1, 1), date(2026, 2, 1))
FOUND = (
    Months("370503001", "mild", (10_000, 0), (12_000, 500)),  # gains 25
    Months("370503001", "severe", (5_000, 5_000), (5_000, 4_000)),  # loses 10
    Months("370503002", "severe", (0, 700), (700, 0)),  # stays
)


def test_each_month_and_the_whole_are_exact_sums() -> None:
    result = summary(FOUND, MONTHS, 5, 1)
    assert [row["paid"] for row in result["months"]] == ["150.00", "57.00"]
    assert [row["would_pay"] for row in result["months"]] == ["177.00", "45.00"]
    assert (result["total"]["change"], result["persons"]) == ("15.00", 5)


def test_who_gains_and_who_loses_is_counted_by_town_and_grade() -> None:
    result = summary(FOUND, MONTHS, 5, 1)
    whole = result["everybody"]
    assert (whole["gain"], whole["lose"], whole["same"], whole["gained"], whole["lost"]) == (
        1,
        1,
        1,
        "25.00",
        "10.00",
    )
    assert [(row["town"], row["persons"]) for row in result["towns"]] == [("370503001", 2), ("370503002", 1)]
    assert [(row["grade"], row["lose"]) for row in result["grades"]] == [("mild", 0), ("severe", 1)]


def test_nobody_at_all_is_a_result_too() -> None:
    result = summary((), MONTHS, 0, 1)
    assert result["total"]["would_pay"] == "0.00"
    assert (result["towns"], result["everybody"]["persons"]) == ([], 0)


def test_fen_are_written_as_yuan() -> None:
    assert [yuan(fen) for fen in (0, 5, -5, 12_345, -100)] == ["0.00", "0.05", "-0.05", "123.45", "-1.00"]
