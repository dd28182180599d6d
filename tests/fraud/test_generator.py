import ast
from collections import Counter
from pathlib import Path

from tests.fraud.generator.months import month

FOLDER = Path(__file__).parent / "generator"
OURS = {"core", "devices", "gateway", "dispatch", "services", "dashboards", "deploy"}


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_the_generator_imports_nothing_of_what_it_judges() -> None:
    names = {name for file in FOLDER.glob("*.py") for name in imported(file)}
    assert not {name for name in names if name.split(".")[0] in OURS}
    assert {name for name in names if name.startswith("tests.")} <= {
        "tests.fraud.generator",
        "tests.fraud.generator.visits",
        "tests.fraud.generator.world",
    }


def test_a_seed_gives_the_same_month_again() -> None:
    assert month(3, caregivers=6, per_kind=2) == month(3, caregivers=6, per_kind=2)
    assert month(3, caregivers=6, per_kind=2) != month(4, caregivers=6, per_kind=2)


def test_each_kind_is_done_as_often_as_asked_and_most_visits_are_honest() -> None:
    rows, labels = month(5, caregivers=20, per_kind=6, crooks=1.0)
    assert Counter(kinds[0] for kinds in labels.values()) == dict.fromkeys(
        (
            *("never_made", "shortened", "faked_place", "reused_photo", "back_filled"),
            *("billed_away", "overlapping", "impossible_travel", "contradicted"),
        ),
        6,
    )
    billed = {row["id"] for row in rows if row["type"] == "visit"}
    assert set(labels) < billed
    assert len(billed) > 40 * 6
