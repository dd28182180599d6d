"""Reading a scheme from TOML with errors that a clerk understands, field by field (pure)."""

import re
import tomllib

from pydantic import ValidationError

from core.errors import Invalid
from services.policy.format import Scheme


def parse(text: str) -> Scheme:
    """Read a scheme; raise Invalid naming every wrong field."""
    try:
        return Scheme.model_validate(tomllib.loads(text.removeprefix(_MARK)))
    except tomllib.TOMLDecodeError as error:
        raise Invalid("the scheme is not TOML", [_error("", "toml", _where(str(error)))]) from error
    except ValidationError as error:
        errors = [_named(one["loc"], one["type"], one["msg"]) for one in error.errors(include_url=False)]
        fields = ", ".join(str(one["field"]) for one in errors)
        raise Invalid(f"the scheme is wrong in {fields}", errors) from error


_MARK = "\ufeff"
"""What an editor under Windows puts before the first letter."""
_PLACE = re.compile(r"^(?P<words>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.DOTALL)
_QUOTES = (
    "words and amounts stand in straight quotes, dates without quotes;"
    " a name that is not English in quotes too"
)
_DATE = "a date of the calendar, as 2026-01-01"
_AMOUNT = 'an amount in quotes, as "200" or "200.00"'
_CODE = "small letters, digits and underscores, beginning with a letter"
_SHARE = 'a share between 0 and 1 in quotes, as "0.5"'
_SPELT = {
    "rates": _AMOUNT,
    "example_prices": _AMOUNT,
    "amount": _AMOUNT,
    "cap": _AMOUNT,
    "code": _CODE,
    "excludes": _CODE,
    "yields_to": _CODE,
    "yields_to_drawn": _CODE,
    "scheme": _CODE,
    "district": "six digits in quotes",
    "within": _SHARE,
    "beyond": _SHARE,
    "times": 'a number in quotes, as "1.3"',
}
_OWN = re.compile(r"^(Value error, )?((?P<field>[a-z_]+[a-z_.0-9]*): )?(?P<words>.*)$", re.DOTALL)


def _named(place: tuple[int | str, ...], code: str, message: str) -> dict[str, object]:
    found = _OWN.match(message)
    if place or found is None:
        return _error(".".join(str(part) for part in place), code, _spelt(place, code) or message)
    return _error(found["field"] or "", code, found["words"])


def _spelt(place: tuple[int | str, ...], code: str) -> str | None:
    if code == "extra_forbidden":
        return "no such field; see docs/manual/schemes.md"
    if code.startswith("date"):
        return _DATE
    if not code.startswith("string"):
        return None
    named = [_SPELT[str(part)] for part in reversed(place) if str(part) in _SPELT]
    return named[0] if named else None


def _where(found: str) -> str:
    """Say where the file cannot be read, and what is most often the reason."""
    place = _PLACE.match(found)
    if place is None:
        return found
    where = f"line {place['line']}, column {place['column']}"
    return f"{where} cannot be read ({place['words']}): {_QUOTES}"


def _error(field: str, code: str, message: str) -> dict[str, object]:
    return {"field": field, "code": code, "message": message}
