"""Charts, map, words and wellbeing as functions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.accounts import ROLES
from dashboards import i18n, words
from dashboards.web import charts, maps
from dashboards.web.caregiver.pages import position
from dashboards.web.family.wellbeing import judge
from dashboards.web.formats import Formats
from dashboards.web.login.pages import inside
from dashboards.web.menus import HOMES, LINKS, SECTIONS, links

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def rows(metric: str, *points: tuple[int, float]) -> list[dict[str, Any]]:
    """Return readings of so many minutes ago."""
    return [{"metric": metric, "observed_at": NOW - timedelta(minutes=ago), "value": v} for ago, v in points]


def test_a_gap_in_the_readings_breaks_the_line() -> None:
    heart = rows("heart_rate", (50, 70), (49, 71), (48, 72), (10, 80), (9, 81))
    chart = charts.vitals(heart, NOW - timedelta(hours=1), NOW)
    assert len(chart.lines["heart_rate"]) == 2
    assert chart.last["heart_rate"][0] == 81


def test_time_in_bed_is_a_band_until_the_next_word() -> None:
    bed = rows("in_bed", (60, 1), (30, 0), (20, 1))
    chart = charts.vitals(bed, NOW - timedelta(hours=1), NOW)
    assert [round(width) for _, width in chart.bands] == [297, 99]


def test_no_reading_is_an_empty_chart() -> None:
    assert charts.vitals([], NOW - timedelta(hours=1), NOW).empty


@given(st.lists(st.tuples(st.integers(0, 1440), st.floats(0, 300)), max_size=400))
def test_every_point_lies_inside_the_drawing(points: list[tuple[int, float]]) -> None:
    chart = charts.vitals(rows("heart_rate", *points), NOW - timedelta(days=1), NOW)
    for line in chart.lines["heart_rate"]:
        for point in line.split(" "):
            x, y = (float(part) for part in point.split(","))
            assert chart.frame.left <= x <= chart.frame.width
            assert 0 <= y <= chart.frame.height


@given(st.lists(st.tuples(st.floats(37, 39), st.floats(117, 120), st.booleans(), st.booleans()), max_size=30))
def test_whoever_was_sent_is_always_on_the_map(people: list[tuple[float, float, bool, bool]]) -> None:
    around = [
        {"name": str(n), "lat": lat, "lon": lon, "on_shift": on, "sent": sent}
        for n, (lat, lon, on, sent) in enumerate(people)
    ]
    plan = maps.schematic(37.89, 118.53, around)
    assert {p["name"] for p in around if p["sent"]} <= {pin.name for pin in plan.pins}
    assert all(0 <= pin.x <= plan.size and 0 <= pin.y <= plan.size for pin in plan.pins)


def state(ago: timedelta, **values: Any) -> dict[str, Any]:
    """Return what a device last said."""
    at = NOW - ago
    return {"last_seen_at": at, "values": {name: [value, at.isoformat()] for name, value in values.items()}}


def test_the_headline_never_says_more_than_is_known() -> None:
    fresh, old = state(timedelta(minutes=1), heart_rate=70), state(timedelta(hours=3), heart_rate=70)
    assert judge([fresh], [], None, NOW).code == "quiet"
    assert judge([old], [], None, NOW).code == "silent"
    assert judge([], [], None, NOW).code == "unknown"
    assert judge([fresh], [], "hospital", NOW).code == "away"
    assert judge([fresh], [{"state": "raised"}], "hospital", NOW).code == "alert"
    assert judge([fresh], [{"state": "resolved"}], None, NOW).code == "quiet"
    assert judge([fresh], [], None, NOW, paused=True).code == "paused"
    assert judge([fresh], [{"state": "raised"}], None, NOW, paused=True).code == "alert"
    assert not judge([old], [], None, NOW).facts[0].fresh


def test_vital_signs_of_before_leaving_the_bed_are_not_shown() -> None:
    bed = state(timedelta(minutes=1), in_bed=False)
    heart = state(timedelta(minutes=5), heart_rate=70)
    assert [fact.metric for fact in judge([bed, heart], [], None, NOW).facts] == ["in_bed"]


def test_an_explanation_is_read_aloud_in_both_languages() -> None:
    lines = [
        {"code": "grade_in_force", "on": "2026-11-21", "grade": "severe", "scale": "gbt_42195"},
        {"code": "subsidy_partial", "subsidy": "20.00", "copay": "40.00"},
    ]
    said = words.explain("zh_CN", lines)
    for part in (
        "2026年11月21日",
        "重度失能",
        "能力评估等级",
        "补贴支付剩余额度 20.00 元",
        "个人自付 40.00 元",
    ):
        assert part in said
    assert words.explain("en", lines).endswith(
        "The subsidy covers what is left, 20.00 yuan; the person pays 40.00 yuan."
    )


def test_an_unknown_code_is_shown_as_it_is_and_a_missing_figure_as_a_question() -> None:
    assert (
        words.sentence("zh_CN", "explanations", {"code": "new_rule", "quota": "5.00"})
        == "new rule (quota 5.00)"
    )
    assert words.sentence("en", "why", {"code": "no_skill"}) == "Not trained for this: ?"
    assert words.say("en", "%(message)s", message="kept") == "kept"


def test_times_and_money_are_written_as_the_reader_writes_them() -> None:
    zh, en = Formats("zh_CN"), Formats("en")
    assert (zh.moment(NOW), en.moment(NOW)) == ("11月21日 16:30", "21 Nov 16:30")
    assert (zh.money("1234.5"), zh.money(None)) == ("¥1,234.50", "\N{EN DASH}")
    assert (zh.ago(NOW - timedelta(minutes=5), NOW), en.span(timedelta(hours=3))) == ("5 分钟前", "3 h")


def test_a_language_is_chosen_by_setting_then_cookie_then_browser() -> None:
    assert i18n.choose("en", "zh_CN", accept="zh") == "en"
    assert i18n.choose(None, "en", accept="zh") == "en"
    assert i18n.choose(None, None, accept="fr, en;q=0.5, zh;q=0.9") == "zh_CN"
    assert i18n.choose(None, None, accept="fr") == "zh_CN"


def test_every_role_has_a_home_that_its_links_lead_to() -> None:
    assert HOMES.keys() == LINKS.keys() | SECTIONS.keys() == set(ROLES)
    for role in ROLES:
        assert sum(link["here"] for link in links(role, HOMES[role])) == 1


def test_a_long_menu_is_one_row_of_sections_and_one_of_the_pages_of_the_section_one_is_in() -> None:
    [here] = [one for one in links("clerk", "/clerk/registers/0") if one["here"]]
    assert (here["label"], here["href"]) == ("Older people", "/desk/elders")
    assert [one["href"] for one in here["pages"] if one["here"]] == ["/clerk/registers"]
    assert max(len(one["pages"]) for role in SECTIONS for one in links(role, "/")) <= 10
    assert not [one for one in links("clerk", "/elsewhere") if one["here"]]


def test_a_login_leads_only_to_this_site() -> None:
    assert [inside(p) for p in ("//evil", "/\\evil", "https://evil", "", "/m?x=1")] == [
        "/",
        "/",
        "/",
        "/",
        "/m?x=1",
    ]


def test_a_position_that_is_none_counts_as_none() -> None:
    assert position("37.9", "118.5", "12") == {"lat": 37.9, "lon": 118.5, "accuracy_m": 12.0}
    for wrong in (("", "", ""), ("nan", "1", "1"), ("91", "1", "1"), ("1", "1", "-3"), ("x", "1", "1")):
        assert position(*wrong)["lat"] is None
