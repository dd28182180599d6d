from pathlib import Path

from deploy import checks


def test_a_long_function_and_a_long_file_are_found() -> None:
    text = "def f() -> None:\n" + "    pass\n" * 40 + "\n" * 300
    assert [line.split(": ", 1)[1] for line in checks.long_parts(Path("x.py"), text)] == [
        "341 lines, at most 300",
        "f has 41 lines, at most 40",
    ]


def test_chinese_in_code_is_found() -> None:
    assert list(checks.han(Path("x.js"), "a\nb = '\u5e8a'\n")) == [
        "x.js:2: Chinese in code: put it into dashboards/locale or a data file"
    ]


def test_a_short_file_is_fine() -> None:
    assert list(checks.long_parts(Path("x.py"), "def f() -> None:\n    pass\n")) == []
