"""Subsidy schemes as data: reading one, whom it is for, what it gives, what it pays of a visit (pure).

`parse` reads a file. `eligible` says who fulfils its conditions, `rate_on` what it gives on a day, `due` what
an allowance pays for a month, `quota_of` what a person may use in a month, `charge` what it pays of a visit.
`spans` and `many` give the days of a month with their rates; `carried_into` what earlier months leave.
"""

from services.policy.answers import Charge, Condition, Due, Eligibility, Past, Quota, Rate, Span
from services.policy.charging import charge
from services.policy.days import many, spans
from services.policy.dues import due
from services.policy.eligibility import eligible
from services.policy.fields import SCALES, Category, Money, Service
from services.policy.format import Scheme
from services.policy.quotas import carried_into, of_spans, quota_of
from services.policy.rates import rate, rate_on
from services.policy.reading import parse
from services.policy.subject import Absence, Fact, Membership, Subject

__all__ = [
    "SCALES",
    "Absence",
    "Category",
    "Charge",
    "Condition",
    "Due",
    "Eligibility",
    "Fact",
    "Membership",
    "Money",
    "Past",
    "Quota",
    "Rate",
    "Scheme",
    "Service",
    "Span",
    "Subject",
    "carried_into",
    "charge",
    "due",
    "eligible",
    "many",
    "of_spans",
    "parse",
    "quota_of",
    "rate",
    "rate_on",
    "spans",
]
