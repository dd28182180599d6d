"""Reading a scheme from TOML with errors that a clerk understands, field by field (pure)."""

import re
import tomllib

from pydantic import ValidationError

from core.errors import Invalid
from services.policy.format import Scheme


def parse(text: str) -> Scheme:
    """Read a scheme; raise Invalid naming every wrong field."""
    try:
        return Scheme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"the scheme is not TOML: {error}", [_error("", "toml", str(error))]) from error
    except ValidationError as error:
        errors = [_named(one["loc"], one["type"], one["msg"]) for one in error.errors(include_url=False)]
        fields = ", ".join(str(one["field"]) for one in errors)
        raise Invalid(f"the scheme is wrong in {fields}", errors) from error


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
    if not code.startswith("string"):
        return None
    named = [_SPELT[str(part)] for part in reversed(place) if str(part) in _SPELT]
    return named[0] if named else None


def _error(field: str, code: str, message: str) -> dict[str, object]:
    return {"field": field, "code": code, "message": message}
