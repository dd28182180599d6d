"""The auditor's filter in the address, and the options of charts, by hand."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from dashboards.web.audit import drawing, wanted
from dashboards.web.audit.wanted import View
from services.purchases import Filter

TODAY = date(2026, 11, 21)
PROVIDER = UUID("0193a000-0000-7000-8000-000000000001")
WORDS = {"subsidy": "S", "copay": "C", "description": "d", "spent": "s", "pace": "p", "ceiling": "c"}


def test_an_address_without_a_filter_is_the_running_year_by_town() -> None:
    view = wanted.read({}, TODAY)
    assert view == View(Filter(date(2026, 1, 1), date(2026, 11, 1)), "town")


def test_an_address_is_read_as_it_is_written() -> None:
    filter_ = Filter(date(2026, 3, 1), date(2026, 5, 1), "370503001", PROVIDER, "bath", "", "hekou")
    view = View(filter_, "grade")
    query = view.address("/x", view.by).removeprefix("/x?")
    assert query == (
        f"first=2026-03&last=2026-05&town=370503001&provider={PROVIDER}&service=bath&grade=-&scheme=hekou&by=grade"
    )
    assert wanted.read(dict(one.split("=") for one in query.split("&")), TODAY) == view


@pytest.mark.parametrize(
    "query",
    [
        {"first": "2026-13"},
        {"last": "x", "provider": "x", "by": "weather"},
        {"last": "1800-01", "town": "x" * 65, "service": "a\x00b"},
    ],
)
def test_what_cannot_be_read_is_as_not_said(query: dict[str, str]) -> None:
    assert wanted.read(query, TODAY) == wanted.read({}, TODAY)


def test_months_the_wrong_way_round_are_one_month() -> None:
    view = wanted.read({"first": "2026-09", "last": "2026-08"}, TODAY)
    assert (view.filter.first, view.filter.last) == (date(2026, 8, 1), date(2026, 8, 1))


def test_every_step_leads_deeper_until_only_claims_are_left() -> None:
    view, path = wanted.read({"first": "2026-11", "last": "2026-11"}, TODAY), []
    keys = {"town": "370503001", "provider": str(PROVIDER), "service": "bath", "grade": "", "scheme": "hekou"}
    for _ in range(5):
        path.append(view.by)
        address = view.into(keys[view.by])
        assert address.startswith("/audit/purchases?") or view.by == "scheme"
        view = wanted.read(dict(one.split("=") for one in address.split("?")[1].split("&")), TODAY)
    assert path == ["town", "provider", "service", "grade", "scheme"]
    assert address.startswith("/audit/claims?")
    assert view.filter.grade == ""


def test_a_month_leads_into_that_month() -> None:
    view = View(Filter(date(2026, 1, 1), date(2026, 11, 1)), "month")
    assert view.into("2026-03") == "/audit/purchases?first=2026-03&last=2026-03&by=town"


def test_months_come_last_when_all_else_is_chosen() -> None:
    filter_ = Filter(date(2026, 1, 1), date(2026, 2, 1), "1", PROVIDER, "bath", "mild", None)
    assert "by=month" in View(filter_, "scheme").into("hekou")


def test_bars_carry_the_figures_of_the_table_and_lead_where_its_rows_do() -> None:
    rows = [
        {"label": f"town {n}", "subsidy": Decimal(n), "copay": Decimal("0.50"), "href": f"/{n}"}
        for n in range(25)
    ]
    drawn = drawing.bars(rows, WORDS)
    assert drawn["links"] == [f"/{n}" for n in range(20)]
    assert drawn["option"]["series"][0]["data"] == [float(n) for n in range(20)]
    assert drawn["option"]["series"][1]["data"] == [0.5] * 20
    assert drawn["option"]["yAxis"]["data"][0] == "town 0"
    assert drawn["option"]["aria"]["enabled"] is True
    assert drawn["height"] == 96 + 30 * 20


def test_a_burn_down_has_what_is_spent_the_even_pace_and_the_ceiling() -> None:
    drawn = drawing.burn(
        [Decimal("10.00"), Decimal("30.00")], Decimal(120), [str(n) for n in range(12)], WORDS
    )
    spent, pace, ceiling = (one["data"] for one in drawn["option"]["series"])
    assert spent == [10.0, 30.0]
    assert pace[:3] == [10.0, 20.0, 30.0]
    assert ceiling == [120.0] * 12


@pytest.mark.parametrize(
    ("amounts", "ceiling", "month"),
    [
        ([], 100, None),
        ([0, 0], 100, None),
        ([10, 10], 100, 10),  # 80 left at 10 a month: the tenth
        ([10, 10], 120, 12),
        ([10, 10], 121, None),  # the thirteenth
        ([60, 50, 1], 100, 2),  # broken already
        ([10, 11], 100, 10),  # 79 left at 10.5: 7.52 months, so the tenth
    ],
)
def test_the_month_in_which_a_ceiling_breaks(amounts: list[int], ceiling: int, month: int | None) -> None:
    assert drawing.breaks_in([Decimal(one) for one in amounts], Decimal(ceiling)) == month


def test_running_totals() -> None:
    assert drawing.added_up([Decimal(1), Decimal(2), Decimal(3)]) == [Decimal(1), Decimal(3), Decimal(6)]
