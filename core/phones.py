"""Telephone numbers as people write them: one way to read, keep, dial and compare them; pure.

Mobiles and landlines follow the national numbering plan (11 digits from 13 to 19; area codes of three or four
digits from 010 to 099, seven or eight digits after them). Anything else is refused and says why.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["mobile", "landline", "service", "abroad", "made_up"]

_NOISE = str.maketrans("", "", " \t\u00a0\u3000-.()\u2010\u2011\u2012\u2013\u2014\uff0d\uff08\uff09")
_WIDE = str.maketrans("\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0b", "0123456789+")
_EXTENSION = re.compile(
    r"\s*(?:#|\*|,|;|x|ext\.?|\u8f6c|\u5206\u673a|(?<=\d{7})-(?=\d{1,4}$))\s*(\d{1,6})$", re.IGNORECASE
)
_SEVERAL = re.compile(r"\d{7}\D*[,;/|\uff0c\uff1b\u3001]\D*\d")
_EMERGENCY = re.compile(r"1(?:10|19|20|22)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_WITHOUT_PLUS = re.compile(r"86(?:1[3-9]\d{9}|100\d{8})")
_MADE_UP = re.compile(r"100\d{8}")
_AREA_THREE = ("010", "020", "021", "022", "023", "024", "025", "027", "028", "029")
_SERVICE = re.compile(r"(?:95\d{3,6}|12\d{3}|1(?:10|14|19|20|22)|400\d{7}|800\d{7})")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_MOBILE_DIGITS = 11
_LOCAL_DIGITS = (7, 8)


class BadNumber(ValueError):  # noqa: N818 - it is the number that is bad
    """A text that is no number, by `code`.

    One of empty, letters, several, too_short, too_long, prefix, area, abroad.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Number:
    """A number: `stored` is what is kept and indexed, `e164` what carriers dial, with its extension apart."""

    stored: str
    e164: str
    kind: Kind
    extension: str = ""

    @property
    def line(self) -> str:
        """The line that rings, whatever the extension: two contacts behind it share one telephone."""
        return self.stored.partition("-")[0]

    @property
    def is_emergency(self) -> bool:
        """Say whether it is the police, the fire brigade, an ambulance: nobody's contact."""
        return bool(_EMERGENCY.fullmatch(self.stored))


def read(text: str, *, made_up: bool = False) -> Number:
    """Return the number that somebody has written; raise BadNumber.

    `made_up` admits the demonstration's numbers, which nobody can dial (100 and eight digits).
    """
    written = text.translate(_WIDE).strip()
    plain, extension = _split(written)
    if _SEVERAL.search(plain):
        raise BadNumber("several")
    digits = plain.translate(_NOISE)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+86"):
        digits = _national(digits[3:])
    elif _WITHOUT_PLUS.fullmatch(digits):
        digits = digits[2:]
    if not digits:
        raise BadNumber("empty")
    if not digits.removeprefix("+").isascii() or not digits.removeprefix("+").isdecimal():
        raise BadNumber("letters")
    if digits.startswith("+"):
        return _abroad(digits)
    return _domestic(digits, extension, made_up=made_up)


def find(text: str) -> str | None:
    """Return how a caller's number would be kept, or None: what no register can hold."""
    try:
        return read(text, made_up=True).stored
    except BadNumber:
        return None


def _split(text: str) -> tuple[str, str]:
    """Take an extension off, unless the whole is a mobile's number written in pieces."""
    found = _EXTENSION.search(text)
    if found is None or _MOBILE.fullmatch(text.translate(_NOISE)):
        return text, ""
    return text[: found.start()], found[1]


def _national(digits: str) -> str:
    """Put the zero of an area code back that +86 leaves out; mobiles begin with 1, Beijing with 10."""
    is_mobile = digits.startswith("1") and not digits.startswith("10")
    is_written = digits.startswith("0") or is_mobile or _MADE_UP.fullmatch(digits)
    return digits if is_written or not digits else f"0{digits}"


def _abroad(digits: str) -> Number:
    if not _ABROAD.fullmatch(digits):
        raise BadNumber("abroad")
    return Number(digits, digits, "abroad")


def _domestic(digits: str, extension: str, *, made_up: bool) -> Number:
    if _MOBILE.fullmatch(digits):
        return Number(digits, f"+86{digits}", "mobile")
    if made_up and _MADE_UP.fullmatch(digits):
        return Number(digits, f"+86{digits}", "made_up")
    if digits.startswith("0"):
        return _landline(digits, extension)
    if _SERVICE.fullmatch(digits):
        return Number(_with(digits, extension), f"+86{digits}", "service", extension)
    raise BadNumber(_why(digits))


def _landline(digits: str, extension: str) -> Number:
    area = 3 if digits[:3] in _AREA_THREE else 4
    if digits[:3] not in _AREA_THREE and digits[1:2] in ("", "0", "1", "2"):
        raise BadNumber("area")
    rest = digits[area:]
    if len(rest) not in _LOCAL_DIGITS:
        raise BadNumber("too_short" if len(rest) < min(_LOCAL_DIGITS) else "too_long")
    if rest[0] in "01":
        raise BadNumber("prefix")
    return Number(_with(digits, extension), f"+86{digits[1:]}", "landline", extension)


def _with(digits: str, extension: str) -> str:
    return f"{digits}-{extension}" if extension else digits


def _why(digits: str) -> str:
    """Say what is wrong with digits that are neither a mobile's nor a landline's."""
    if digits.startswith("1") and len(digits) != _MOBILE_DIGITS:
        return "too_short" if len(digits) < _MOBILE_DIGITS else "too_long"
    if len(digits) in _LOCAL_DIGITS:
        return "area"
    return "prefix"
