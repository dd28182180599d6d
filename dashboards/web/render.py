"""Pages and fragments: one Jinja environment per language, built once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.people import age_on, mask_phone
from dashboards import i18n, words
from dashboards.web import charts, maps
from dashboards.web.formats import Formats, as_day

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"


@cache
def environment(language: str) -> Environment:
    """Build the environment of a language: its words, its formats, its templates."""
    env = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    catalogue = i18n.translations(language)
    env.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    formats = Formats(language)
    for name in ("time", "moment", "day", "weekday", "month", "money", "number", "span"):
        env.filters[name] = getattr(formats, name)
    env.filters["ago"] = pass_context(_ago(formats))
    env.filters["age"] = pass_context(_age(formats))
    env.filters["phone"] = mask_phone
    env.filters["titled"] = itemgetter("name" if language == "zh_CN" else "name_en")
    env.filters["by_reason"] = by_reason
    env.globals |= {
        "language": language,
        "tag": i18n.TAGS[language],
        "word": partial(words.word, language),
        "words_of": partial(words.table, language),
        "sentence": partial(words.sentence, language),
        "explain": partial(words.explain, language),
        "because": partial(words.because, language),
        "asset": asset,
        "vitals": charts.vitals,
        "schematic": maps.schematic,
        "script_json": script_json,
    }
    return env


def by_reason(considered: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Put who was chosen first, then who would have been next, then who was ruled out."""
    first = {"chosen": 0, "farther": 1}
    return sorted(considered, key=lambda one: (first.get(one["code"], 2), one.get("place", 0), one["code"]))


def _ago(formats: Formats) -> Callable[..., str]:
    def ago(context: Context, at: Any) -> str:  # noqa: ANN401 - a time or its text
        return formats.ago(at, context["now"])

    return ago


def _age(formats: Formats) -> Callable[..., int]:
    def age(context: Context, born_on: Any) -> int:  # noqa: ANN401 - a date or its text
        return age_on(as_day(born_on, formats.zone), as_day(context["now"], formats.zone))

    return age


@cache
def asset(path: str) -> str:
    """Return the address of a static file, with a mark of its content so that it may be cached for good."""
    file = STATIC / path
    mark = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.exists() else "missing"
    return f"/static/{path}?v={mark}"


def script_json(value: object) -> Markup:
    """Write data for a script block: nothing in it can end the block."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped here


def fragment(language: str, template: str, **context: Any) -> str:  # noqa: ANN401 - whatever the template needs
    """Render a template to text."""
    return environment(language).get_template(template).render(context)


def answer(language: str, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:  # noqa: ANN401 - as above
    """Render a template as an answer that no cache keeps."""
    headers = {
        "Content-Language": i18n.TAGS[language],
        "Cache-Control": "no-store",
        "Vary": "Cookie, Accept-Language",
    }
    return HTMLResponse(fragment(language, template, **context), status_code=status, headers=headers)
