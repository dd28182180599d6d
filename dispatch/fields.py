"""What is wrong with a field, in the shape in which forms and the API show it."""

from collections.abc import Collection

from core.errors import Invalid

_CODE_LENGTH = 40


def wrong(field: str, code: str, words: str) -> Invalid:
    """Return the problem of one field."""
    return Invalid(f"{field}: {words}", [{"field": field, "code": code, "message": words}])


def one_of(field: str, value: str, allowed: Collection[str]) -> None:
    """Raise Invalid unless the value is one of those allowed."""
    if value not in allowed:
        raise wrong(field, "unknown", f"one of {', '.join(allowed)}")


def is_code(field: str, text: str) -> None:
    """Raise Invalid unless the text is a short code: small letters, digits and underscores."""
    is_short = 0 < len(text) <= _CODE_LENGTH and text.isascii()
    if not (is_short and text == text.lower() and text.replace("_", "").isalnum()):
        raise wrong(field, "not_a_code", "a short code of small letters, digits and underscores, or none")
