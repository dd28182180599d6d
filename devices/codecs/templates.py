"""Value templates of discovery: the common part of Jinja, in a sandbox that cannot loop nor grow; pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from jinja2 import Template, TemplateError, Undefined, nodes
from jinja2.filters import do_round
from jinja2.sandbox import ImmutableSandboxedEnvironment

from devices.codecs import reading

MOST_OF_A_TEMPLATE, MOST_OF_A_VALUE, _MOST_OF_A_TEXT = 2_000, 65_536, 262_144
_PLAIN = re.compile(
    r"""\s*\{\{-?\s*value_json((?:\.\w+|\[\s*'[^'\\]+'\s*\]|\[\s*"[^"\\]+"\s*\])*)\s*(?:\|\s*is_defined\s*)?-?\}\}\s*"""
)
_STEP = re.compile(r"""\.(\w+)|\[\s*['"]([^'"]+)['"]\s*\]""")
_FORBIDDEN = (
    nodes.For,
    nodes.Assign,
    nodes.AssignBlock,
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.Import,
    nodes.FromImport,
    nodes.Include,
    nodes.Extends,
    nodes.Block,
    nodes.With,
)
"""What could loop, call itself or double a text again and again."""
_KEPT = "abs default d first last length count lower upper trim capitalize title min max sum int float"
_DIGITS, _LONG_NUMBER = 15, 1e15
_METHODS = frozenset(
    {"split", "strip", "lstrip", "rstrip", "lower", "upper", "startswith", "endswith", "title", "get"}
)


class _UnsafeError(TemplateError):
    """A template asks for what it may not have."""


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as Jinja's own
        """Give a key of an object, or one of the few methods of a text; never an attribute of Python's."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if attribute in _METHODS and isinstance(obj, str | dict) and hasattr(obj, attribute):
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as Jinja's own
        """Give an item, never an attribute."""
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - as Jinja's own
        """Calculate with numbers; only short texts may be added."""
        texts = isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple)
        if operator == "**" or (texts and operator != "+") or _size(left) + _size(right) > _MOST_OF_A_TEXT:
            raise _UnsafeError(operator)
        return super().call_binop(context, operator, left, right)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple) else 1


def _replace(text: object, old: str, new: str) -> str:
    found = str(text)
    if not old or found.count(old) * len(str(new)) + len(found) > _MOST_OF_A_TEXT:
        raise _UnsafeError("replace")
    return found.replace(old, str(new))


def _join(parts: Sequence[object], between: str = "") -> str:
    texts = [str(part) for part in parts]
    if sum(map(len, texts)) + len(between) * len(texts) > _MOST_OF_A_TEXT:
        raise _UnsafeError("join")
    return between.join(texts)


def _string(value: object) -> str:
    """Write a value as a text: one of many items is longer than they are, again and again."""
    text = str(value)
    if len(text) > _MOST_OF_A_TEXT:
        raise _UnsafeError("string")
    return text


def _list(value: Iterable[object]) -> list[object]:
    found = list(value)
    if len(found) > MOST_OF_A_VALUE:
        raise _UnsafeError("list")
    return found


def _round(value: Any, precision: int = 0, method: str = "common") -> float:  # noqa: ANN401 - as templates call it
    """Round as Jinja does, but to as many digits as a number has: 10 to the power of millions takes hours."""
    if abs(precision) > _DIGITS or abs(value) > _LONG_NUMBER:
        raise _UnsafeError("round")
    made: float = do_round(value, precision, method)  # type: ignore[arg-type]  # a word of a template
    return made


def _is_defined(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the message
    if isinstance(value, Undefined):
        raise _UnsafeError("is_defined")
    return value


def _iif(value: object, yes: object = True, no: object = False) -> object:  # noqa: FBT002 - as templates call it
    return yes if value else no


def _from_json(text: object) -> Any:  # noqa: ANN401 - JSON of any shape
    return msgspec.json.decode(str(text))


def _is_number(value: object) -> bool:
    return reading.number(value) is not None


@lru_cache(maxsize=1)
def _sandbox() -> _Sandbox:
    sandbox = _Sandbox(autoescape=False)
    own: dict[str, Callable[..., Any]] = {
        "replace": _replace,
        "string": _string,
        "list": _list,
        "round": _round,
        "join": _join,
        "is_defined": _is_defined,
        "iif": _iif,
        "from_json": _from_json,
        "is_number": _is_number,
        "bool": reading.truth,
    }
    sandbox.filters = {name: sandbox.filters[name] for name in _KEPT.split()} | own
    sandbox.globals = {
        "iif": _iif,
        "float": sandbox.filters["float"],
        "int": sandbox.filters["int"],
        "is_number": _is_number,
        "bool": reading.truth,
    }
    return sandbox


@lru_cache(maxsize=4_096)
def _compiled(text: str) -> Template | tuple[str, ...] | None:
    """Return the keys of a plain template, a compiled one, or None if it is not allowed."""
    if len(text) > MOST_OF_A_TEMPLATE:
        return None
    if plain := _PLAIN.fullmatch(text):
        return tuple(one or other for one, other in _STEP.findall(plain[1]))
    try:
        if next(_sandbox().parse(text).find_all(_FORBIDDEN), None) is not None:
            return None
        return _sandbox().from_string(text)
    except (TemplateError, RecursionError, SyntaxError, ValueError):
        return None


def is_allowed(text: str) -> bool:
    """Say whether a template can be evaluated here."""
    return _compiled(text) is not None


def evaluate(text: str, value: str, value_json: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return what a template makes of a payload; None if it makes nothing."""
    compiled = _compiled(text)
    if compiled is None or len(value) > MOST_OF_A_VALUE:
        return None
    if isinstance(compiled, tuple):
        for key in compiled:
            value_json = value_json.get(key) if isinstance(value_json, dict) else None
        return value_json
    try:
        made = compiled.render(value=value, value_json=value_json)
    except Exception:  # noqa: BLE001 - a template may fail in as many ways as Python
        return None
    return made.strip() or None
