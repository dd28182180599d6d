"""What a cell says: identity numbers and days, and what spreadsheets do to them, each damage by name; pure.

A spreadsheet keeps fifteen digits of a number: an identity number of eighteen that went through one as a
number has lost its end for good (shown as 3.70503E+17, or with zeros for its last digits), and is refused as
such instead of being mended by a guess. Days come as days, as serial numbers since 1900, and as text.
"""

import math
import re
import unicodedata
from datetime import date, datetime, timedelta

from stdnum.cn import ric

_KEPT_DIGITS = 15
_NEW, _OLD = 18, 15
_EPOCH = date(1899, 12, 30)
_SERIALS = range(1, 73_415)
"""Serial numbers of 1900-01-01 to 2100-12-31."""
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d{1,2}$")
_QUOTES = "'`\u2018\u2019\u00b4\""
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_X_LIKE = str.maketrans({"x": "X", "\u00d7": "X", "\u0445": "X", "\u0425": "X"})
_DAY_WORDS = str.maketrans({"\u5e74": "-", "\u6708": "-", "\u65e5": "", "\u53f7": "", "/": "-", ".": "-"})
_FULL = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})-?$")
_SHORT = re.compile(r"^\d{2}-\d{1,2}-\d{1,2}$")
_TURNED = re.compile(r"^\d{1,2}-\d{1,2}-(\d{2}|\d{4})$")
_PACKED = re.compile(r"^\d{8}$")
_PACKED_MONTH = re.compile(r"^(19|20)\d{4}$")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


class MistakeError(ValueError):
    """A cell that says nothing that can be used; its text is the code."""


def text(cell: object) -> str:
    """Write a cell as text: full-width letters made plain, hidden signs and a leading apostrophe gone."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**_KEPT_DIGITS:
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", str(cell))).replace("\0", "").strip()
    return plain.lstrip(_QUOTES).strip()


def id_number(cell: object) -> str:
    """Return an identity number of 18 signs, checked; one of the old 15 digits is brought into the new form.

    Raises MistakeError: `digits_lost` (went through a spreadsheet as a number), `digits_zeroed` (its last
    digits are zeros, and wrong), `id_length`, `id_signs`, `id_birth`, `id_check`, `missing`.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**_KEPT_DIGITS:
        raise MistakeError("digits_lost")
    found = text(cell)
    if not found:
        raise MistakeError("missing")
    if _SCIENTIFIC.match(found):
        raise MistakeError("digits_lost")
    found = re.sub(r"[\s\-]", "", found).removesuffix(".0").translate(_X_LIKE)
    if len(found) == _OLD and found.isascii() and found.isdecimal():
        found = _modern(found)
    if len(found) != _NEW:
        raise MistakeError("id_length")
    if not (found.isascii() and found[:-1].isdecimal() and (found[-1].isdecimal() or found[-1] == "X")):
        raise MistakeError("id_signs")
    return _checked(found)


def _modern(old: str) -> str:
    body = f"{old[:6]}19{old[6:]}"
    return body + str(ric.calc_check_digit(body + "0"))


def _checked(found: str) -> str:
    if found[-1] != ric.calc_check_digit(found):
        raise MistakeError("digits_zeroed" if found.endswith("000") else "id_check")
    try:
        born_on = date(int(found[6:10]), int(found[10:12]), int(found[12:14]))
    except ValueError as error:
        raise MistakeError("id_birth") from error
    if not _FIRST <= born_on <= _LAST:
        raise MistakeError("id_birth")
    return found


def day(cell: object, *, is_last: bool = False) -> date:
    """Return a day; a month alone is its first day, or its last where the column names an end.

    Raises MistakeError: `impossible_date`, `two_digit_year`, `date_order` (day or month first?), `date`.
    """
    if isinstance(cell, datetime):
        return _sane(cell.date())
    if isinstance(cell, date):
        return _sane(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell)
    return _spelt(_CLOCK.sub("", text(cell)).translate(_DAY_WORDS).replace(" ", ""), is_last=is_last)


def _spelt(found: str, *, is_last: bool) -> date:
    if _PACKED.match(found):
        found = f"{found[:4]}-{found[4:6]}-{found[6:]}"
    elif _PACKED_MONTH.match(found):
        found = f"{found[:4]}-{found[4:]}"
    if full := _FULL.match(found):
        return _made(int(full[1]), int(full[2]), int(full[3]))
    if month := _MONTH.match(found):
        first = _made(int(month[1]), int(month[2]), 1)
        return _month_end(first) if is_last else first
    if found.isdecimal() and found.isascii():
        return _number(int(found[:9]))
    if _SHORT.match(found):
        raise MistakeError("two_digit_year")
    turned = _TURNED.match(found)
    if turned:
        raise MistakeError("date_order" if len(turned[1]) == 4 else "two_digit_year")  # noqa: PLR2004 - of a year
    raise MistakeError("date")


def _number(cell: float) -> date:
    if not math.isfinite(cell):
        raise MistakeError("date")
    whole = int(cell)
    if _PACKED.match(str(whole)) or _PACKED_MONTH.match(str(whole)):
        return _spelt(str(whole), is_last=False)
    if whole not in _SERIALS:
        raise MistakeError("impossible_date")
    return _EPOCH + timedelta(days=whole)


def _made(year: int, month: int, nth: int) -> date:
    try:
        return _sane(date(year, month, nth))
    except ValueError as error:
        raise MistakeError("impossible_date") from error


def _sane(found: date) -> date:
    if not _FIRST <= found <= _LAST:
        raise MistakeError("impossible_date")
    return found


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
