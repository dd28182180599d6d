"""The what-if's chart: the numbers that the page shows, and the span between its two ends."""

from dashboards.web.report.drawing import months

WORDS = {key: key for key in ("paid", "would_pay", "low", "width", "description")}
ROW = {"month": "2026-01", "paid": "1.00", "would_pay": "2.00", "low": "1.50", "high": "2.75"}


def test_the_span_is_drawn_from_its_lower_end_upwards() -> None:
    option = months([ROW, {**ROW, "month": "2026-02"}], WORDS)["option"]
    assert [one["data"] for one in option["series"]] == [[1.0, 1.0], [2.0, 2.0], [1.5, 1.5], [1.25, 1.25]]
    assert option["xAxis"]["data"] == ["2026-01", "2026-02"]
    assert option["xAxis"]["boundaryGap"] is False


def test_one_month_stands_in_the_middle() -> None:
    assert months([ROW], WORDS)["option"]["xAxis"]["boundaryGap"] is True
