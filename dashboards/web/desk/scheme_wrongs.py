"""What is wrong in a scheme's file, in the reader's language; a sentence is known by its form (pure)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from dashboards import vocabulary, words

_CODE = re.compile(r"'(\w+)'")
_OPEN = ("Input should be a valid", "String should")
_MORE = "(?:s|,.*| or .*)?"
"""What the library adds behind its sentence: nothing that a clerk needs."""
_KNOWN = ("services", "assistances", "residences", "care_places", "categories", "scales", "periods")


def said(language: str, errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors `{field, message}` in the reader's words; what has no known form stays as it is."""
    return [{**one, "message": sentence(language, str(one["message"]))} for one in errors]


def sentence(language: str, message: str) -> str:
    """Say one message; what stands before it (`code version, field: `) is kept."""
    before, _, rest = message.partition(": ")
    whole = _known(language, message)
    if whole is not None:
        return whole
    tail = _known(language, rest) if rest else None
    return message if tail is None else f"{before}: {tail}"


def _known(language: str, message: str) -> str | None:
    for form, template in _forms():
        found = form.fullmatch(message)
        if found:
            figures = {name: _named(language, value) for name, value in found.groupdict().items()}
            return words.say(language, template, **figures)
    return None


def _named(language: str, value: str) -> str:
    """Put a word behind each quoted code that has one: a clerk knows the word, the file needs the code."""
    return _CODE.sub(lambda found: f'"{found[1]}"{_word(language, found[1])}', value)


def _word(language: str, code: str) -> str:
    table = next((name for name in _KNOWN if code in vocabulary.TABLES[name]), None)
    return f" ({words.word(language, table, code)})" if table else ""


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_form(template), template) for template in vocabulary.TABLES["scheme_wrongs"].values())


def _form(template: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", template)
    made = [f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)]
    tail = _MORE if template.startswith(_OPEN) else ""
    return re.compile("".join(made) + tail, re.DOTALL)
