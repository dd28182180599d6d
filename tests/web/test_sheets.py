"""Sheets that people download."""

import io

import openpyxl
import pytest

from dashboards.web import sheets


@pytest.mark.parametrize(
    ("about", "names"),
    [
        ("Filters", ["People", "Filters"]),
        ("people", ["People", "people 2"]),
    ],
)
def test_the_sheet_about_a_sheet_has_a_name_of_its_own(about: str, names: list[str]) -> None:
    made = sheets.workbook("People", [("Name", 20)], [("a",)], (about, [("Rows", "1")]))
    assert openpyxl.load_workbook(io.BytesIO(made)).sheetnames == names
