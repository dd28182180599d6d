"""The calculator's own words for people, visits and answers; it imports nothing of the product."""

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction


@dataclass
class Span:
    """A word that holds from a first to a last day, both of them included; no last day: it goes on."""

    first: date
    last: date | None
    word: str

    def has(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Visit:
    """A proven visit: when it began (on the district's clock), how much of it, at what price (fen a unit)."""

    number: int
    began: datetime
    service: str
    units: Fraction
    price: int


@dataclass
class Person:
    """Somebody with dated grades, memberships and absences, and the visits in the order they came in."""

    number: int
    grades: list[Span] = field(default_factory=list)
    enrolled: list[Span] = field(default_factory=list)
    absences: list[Span] = field(default_factory=list)
    died: date | None = None
    visits: list[Visit] = field(default_factory=list)


@dataclass
class Line:
    """What one visit costs, in fen: who pays which part; or why nobody pays, and then the figures are 0."""

    amount: int
    subsidy: int
    copay: int
    refused: str | None = None


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, the half away from zero; for what is not negative."""
    whole, rest = divmod(value.numerator, value.denominator)
    return whole + (1 if 2 * rest >= value.denominator else 0)


def fen(text: str) -> int:
    """Read yuan as written in a scheme ("260.00")."""
    return half_up(Fraction(text) * 100)
