"""Eligible, enrolled, compliant, payable: four words that stay apart, each with reasons; pure (DOMAIN §7).

Eligible: the scheme's conditions are met, whoever has applied. Enrolled: entered, and not suspended or ended.
Compliant: a proof of life holds, where the scheme asks for one. Payable: all three, and present.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services import life_proofing
from services.policy import Condition, Scheme, Subject, eligible

PRESENT = "present"
Reason = Mapping[str, str]
_KIND = {
    "household": "household",
    "assistance": "assistance",
    "residence": "residence",
    "place": "place",
    "living": "living",
}
"""Conditions that hang on a dated fact, and its kind."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the four words: whether it holds, and why (codes of the table `standings`, figures as texts)."""

    holds: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands under a scheme on a day."""

    eligible: Mark
    enrolled: Mark
    compliant: Mark
    payable: Mark
    unmet: tuple[Reason, ...]
    """Conditions that are not met, presence included, with the record that says so."""

    @property
    def reasons(self) -> dict[str, list[dict[str, str]]]:
        """Return every reason by word, as it is stored."""
        marks = {name: getattr(self, name) for name in ("eligible", "enrolled", "compliant", "payable")}
        return {name: [dict(one) for one in mark.reasons] for name, mark in marks.items()}


def judge(
    scheme: Scheme,
    subject: Subject,
    on: date,
    last: Mapping[str, Any] | None = None,
    *,
    proof_months: int = 12,
) -> Standing:
    """Judge a person under a scheme on a day.

    `last`: {action, on_day, reason} of the enrolment; `proof_months`: how long a proof of life holds, and the
    enrolment counts as the first.
    """
    found = eligible(scheme, subject, on)
    unmet = tuple(_told(one, subject, on) for one in found.unmet)
    is_present = all(one.is_met for one in found.conditions if one.code == PRESENT)
    lasting = [one for one in found.conditions if one.code != PRESENT]
    is_eligible = all(one.is_met for one in lasting)
    met = tuple(_told(one, subject, on) for one in lasting if one.is_met)
    marks = (
        Mark(
            is_eligible, met if is_eligible else tuple(one for one in unmet if one["code"] != "unmet_present")
        ),
        _enrolled(scheme, subject, on, last),
        _compliant(scheme, subject, on, proof_months),
    )
    lacks: list[Reason] = [
        {"code": code}
        for code, mark in zip(("not_eligible", "not_enrolled", "not_compliant"), marks, strict=True)
        if not mark.holds
    ]
    lacks += [one for one in unmet if one["code"] == "unmet_present"]
    is_payable = is_present and not lacks
    return Standing(*marks, Mark(is_payable, tuple(lacks) or ({"code": "payable"},)), unmet)


def _told(condition: Condition, subject: Subject, on: date) -> Reason:
    """Return a condition as a reason; where it hangs on a fact that has ended, with that fact."""
    code = f"{'met' if condition.is_met else 'unmet'}_{condition.code}"
    figures = {name: str(value) for name, value in condition.figures.items()}
    if condition.is_met:
        return {"code": code, **figures}
    kind = _KIND.get(condition.code)
    if condition.code == "grade" and figures.get("scale"):
        kind = f"grade:{figures['scale']}"
    if kind is None or figures.get("has"):
        return {"code": code, **figures}
    ended = [one for one in subject.facts if one.kind == kind and one.last is not None and one.last < on]
    if not ended:
        return {"code": f"{code}_unknown", **figures}
    newest = max(ended, key=lambda one: (one.last or on, one.first))
    lapsed = {"was": newest.value, "ended_on": (newest.last or on).isoformat()}
    return {"code": f"{code}_ended", **figures, **lapsed}


def _enrolled(scheme: Scheme, subject: Subject, on: date, last: Mapping[str, Any] | None) -> Mark:
    member = subject.member(scheme.code, on)
    if member is not None:
        return Mark(holds=True, reasons=({"code": "enrolled_since", "valid_from": member.first.isoformat()},))
    if last is not None and last["action"] in {"suspended", "ended"} and last["on_day"] <= on:
        code, day = f"enrolment_{last['action']}", last["on_day"].isoformat()
        return Mark(holds=False, reasons=({"code": code, "on": day, "why": str(last["reason"])},))
    return Mark(holds=False, reasons=({"code": "never_enrolled"},))


def _compliant(scheme: Scheme, subject: Subject, on: date, months: int) -> Mark:
    if not scheme.needs_life_proof:
        return Mark(holds=True, reasons=({"code": "no_proof_asked"},))
    begun = [one.first for one in subject.memberships if one.scheme == scheme.code]
    ends = [last for _, last in subject.life_proofs]
    until = life_proofing.reach(min(begun), subject.life_proofs, months) if begun else max(ends, default=None)
    if until is None:
        return Mark(holds=False, reasons=({"code": "never_proven"},))
    if until < on:
        return Mark(holds=False, reasons=({"code": "proof_lapsed", "ended_on": until.isoformat()},))
    return Mark(holds=True, reasons=({"code": "proof_until", "valid_to": until.isoformat()},))
