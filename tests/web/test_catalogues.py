"""The catalogues are whole, and no word of a person's language stands anywhere else."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from dashboards import i18n, vocabulary, words

HERE = Path(i18n.__file__).parent
METHODS = [("web/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"web/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
HAN = re.compile("[\u3400-\u9fff]")
OUTSIDE = re.compile(r"""["'(]\s*(https?:)?//[a-z0-9]""")
PLACES = re.compile(r"%(\(\w+\))?s")


def read(language: str) -> Catalog:
    with (HERE / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def used() -> set[object]:
    """Return every message that code and templates use."""
    found = extract_from_dir(HERE, METHODS, OPTIONS, KEYWORDS)
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_missing_fuzzy_or_left_over(language: str, used: set[object]) -> None:
    catalogue = read(language)
    known = {message.id: message for message in catalogue if message.id}
    assert used - known.keys() == set()
    assert known.keys() - used == set()
    assert not catalogue.fuzzy
    assert [m.id for m in known.values() if m.fuzzy or not _whole(m.string)] == []


def _whole(text: object) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_keeps_its_figures(language: str) -> None:
    for message in read(language):
        if message.id and isinstance(message.id, str):
            placed = {m.group() for m in PLACES.finditer(message.id)}
            assert {m.group() for m in PLACES.finditer(str(message.string))} == placed, message.id


def test_every_code_has_chinese_words() -> None:
    for name, table in vocabulary.TABLES.items():
        for code in table:
            assert HAN.search(words.word("zh_CN", name, code)) or name == "ecosystems", (
                name,
                code,
            )


def test_no_han_character_and_no_outside_address_stands_in_code_or_templates() -> None:
    files = [
        p for kind in ("py", "js", "html", "css") for p in HERE.rglob(f"*.{kind}") if "vendor" not in p.parts
    ]
    assert len(files) > 60
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not HAN.search(text), path
        if path.suffix != ".py":
            assert not OUTSIDE.search(text), path


def test_a_code_in_words_is_chinese_at_once() -> None:
    assert words.word("zh_CN", "case_states", "raised") == "待认领"
