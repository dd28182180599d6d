"""What the documents say of the repository is there; what they must not say is not."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(
    r"`((?:core|devices|gateway|dispatch|services|dashboards|deploy|tests|docs|\.ci)/[\w./-]+\.\w+|(?:[\w-]+/)+)`"
)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"COMMENT ON TABLE ([\w.]+) IS 'owner: (\w+)")
REGISTRIES = ("pypi.org", "pythonhosted", "/simple/", "index-url ", "registry.npmjs", "docker.io")
MACHINE = re.compile(r"(?<![\w./-])/(?:work|root|home|tmp)/\w")
MADE = ("deploy/secrets/", "dashboards/static/vendor/")
"""Places that are not committed, or are made by the tests."""


def documents() -> list[Path]:
    found = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = found.stdout.split() or [str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md")]
    return [ROOT / name for name in names]


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        target, _, anchor = link.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), f"{link}: no such heading"


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    for name in PATH.findall(page.read_text(encoding="utf-8")):
        inside = name.split("/")[0]
        if not (ROOT / inside).is_dir() or inside.startswith(".y") or name.startswith(MADE):
            continue
        if not re.search(r"NAME|NNNN|FILE", name):
            assert (ROOT / name).exists(), f"{name} is not there"


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_registry_or_a_path_of_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not [word for word in REGISTRIES if word in text]
    assert not MACHINE.findall(text)


def test_the_architecture_names_every_table_under_its_owner() -> None:
    owners: dict[str, set[str]] = {}
    for file in ROOT.glob("*/migrations/*.sql"):
        for table, owner in TABLE.findall(file.read_text(encoding="utf-8")):
            owners.setdefault(owner, set()).add(table.removeprefix("ingest."))
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (.*`.+`) \|$", text, re.MULTILINE)
    told = {
        owner: set(" ".join(re.findall(r"`([^`]+)`", names)).split()) - {"ingest"} for owner, names in rows
    }
    unnamed = {"schema_migration"}, {"reading_default"}
    assert {owner: names - unnamed[0] for owner, names in told.items()} == {
        owner: names - unnamed[1] for owner, names in owners.items()
    }
