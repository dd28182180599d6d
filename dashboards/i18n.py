"""Languages: the catalogues under `locale/`, read straight from their .po files; choice for a reader."""

import io
from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh_CN", "en")
DEFAULT = "zh_CN"
TAGS = {"zh_CN": "zh-CN", "en": "en"}
"""What the `lang` attribute and Content-Language say; it picks the glyph variant too."""


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of a language; English where there is none."""
    path = LOCALE / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def known(language: str | None) -> str | None:
    """Return our code of a language tag (`zh`, `zh-Hans-CN`, `en-GB`), or None."""
    first = (language or "").replace("_", "-").split("-")[0].strip().lower()
    return {"zh": "zh_CN", "en": "en"}.get(first)


def choose(*wishes: str | None, accept: str | None = None) -> str:
    """Choose by the first wish that we speak, then by Accept-Language, then Chinese."""
    for wish in (*wishes, *_accepted(accept)):
        language = known(wish)
        if language:
            return language
    return DEFAULT


def _accepted(header: str | None) -> Iterable[str]:
    weighed = []
    for nth, part in enumerate((header or "").split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.partition("=")[2] or 1)
        except ValueError:
            quality = 0.0
        if tag and quality > 0:
            weighed.append((-quality, nth, tag))
    return [tag for _, _, tag in sorted(weighed)]
