"""What is wrong in a scheme's file is said in the reader's language, sentence by sentence."""

import re
from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from dashboards.web.desk import scheme_wrongs
from services import policy
from services.policy import together

FOLDER = Path("services/data/schemes")
HAN = re.compile("[\u3400-\u9fff]")
AGE = (FOLDER / "puyang_high_age.toml").read_text("utf-8")
VISITS = (FOLDER / "hekou_home_visits.toml").read_text("utf-8")


def errors(text: str) -> list[dict[str, Any]]:
    with pytest.raises(Invalid) as problem:
        policy.parse(text)
    found: Any = problem.value.extra["errors"]
    return list(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code = x", "第 1 行第 8 列无法识别"),
        ("", "必填"),
        (AGE.replace("version = 1", 'version = "first"'), "应为整数"),
        (AGE.replace("2021-01-01", "1", 1), "应为日期"),
        (AGE.replace("2021-01-01", '"2021-02-30"', 1), "应为日期"),
        (AGE.replace("[who]", "[[who]]"), "应为一个表"),
        (AGE.replace("2021-01-01", "2021-01-15", 1), "须从某月一日起施行"),
        (AGE.replace("age_from = 80", "age_from = -1"), "不能小于 0"),
        (AGE.replace("age_from = 80", "age_from = 200"), "不能大于 130"),
        (AGE.replace('household = "here"', 'household = "town"'), '"here" or "any"'),
        (AGE.replace('amount = "50.00"', "amount = 50"), "金额要加英文引号"),
        (AGE.replace("410900", "4109"), "六位数字"),
        (AGE.replace("[who]", "[whom]"), "没有这一项"),
        (AGE + '\n[[amounts]]\namount = "1"\n', "前面的 amounts.2 已包括"),
        (VISITS.replace('"meal", ', '"food", '), '"bath" (助浴)'),
        (VISITS.replace('intact = "200.00"', '1 = "5.00"'), "1 不是 gbt_42195 的等级"),
        (VISITS + "\n[who]\ngradual_exit_months = 3\n", "渐退期针对某种救助"),
    ],
)
def test_a_clerk_reads_what_is_wrong_in_chinese(text: str, words: str) -> None:
    said = [one["message"] for one in scheme_wrongs.said("zh_CN", errors(text))]
    assert all(HAN.search(one) for one in said)
    assert any(words in one for one in said), said


def test_every_sentence_about_what_makes_no_sense_has_chinese_words() -> None:
    source = (Path("services/policy/sense.py")).read_text("utf-8")
    told = [one.partition(": ")[2] for one in re.findall(r"yield f?[\"'](.+)[\"']$", source, re.MULTILINE)]
    assert len(told) > 20
    for one in told:
        assert HAN.search(scheme_wrongs.sentence("zh_CN", re.sub(r"\{.*?\}", "9", one))), one


def test_what_does_not_fit_between_schemes_keeps_its_place_and_is_said_in_chinese() -> None:
    one = policy.parse(AGE)
    late = one.model_copy(update={"version": 2, "effective_from": one.effective_from.replace(year=2023)})
    closed = one.model_copy(update={"effective_to": one.effective_from.replace(month=12, day=31)})
    [gap] = together.check([closed, late])
    said = scheme_wrongs.sentence("zh_CN", gap.message)
    assert said.startswith("puyang_high_age 2, effective_from: 第 1 版于 2021-12-31 结束")
    assert "时间中断" in said
    assert scheme_wrongs.sentence("en", gap.message) == gap.message


def test_a_file_that_windows_wrote_is_read() -> None:
    assert policy.parse("\ufeff" + AGE.replace("\n", "\r\n")) == policy.parse(AGE)
