"""The four words stay apart, each with its reasons; what a standing asks of a clerk."""

from datetime import date
from typing import Any

import pytest

from services import standings
from services.matching import finding
from services.matching.finding import Found
from services.policy import Absence, Fact, Membership, Scheme, Subject
from services.standings import Mark, Standing
from tests.services.people.policies import old_age, poor, subject

TODAY = date(2026, 11, 21)
HERE = Fact("household", "370503", date(1990, 1, 1), None)
MEMBER = Membership("old_age", date(2025, 3, 1), None)
PROVEN = (date(2026, 3, 1), date(2027, 2, 28))


def judge(scheme: Scheme, who: Subject, last: dict[str, Any] | None = None) -> Standing:
    return standings.judge(scheme, who, TODAY, last)


def four(found: Standing) -> tuple[bool, bool, bool, bool]:
    return found.eligible.holds, found.enrolled.holds, found.compliant.holds, found.payable.holds


def codes(mark: Mark) -> list[str]:
    return [one["code"] for one in mark.reasons]


WHOLE: dict[str, Any] = {"facts": (HERE,), "memberships": (MEMBER,), "life_proofs": (PROVEN,)}


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({}, (True, True, True, True)),
        ({"memberships": ()}, (True, False, True, False)),
        ({"life_proofs": ()}, (True, True, False, False)),
        ({"facts": ()}, (False, True, True, False)),
        ({"absences": (Absence("institution", date(2026, 11, 1), None),)}, (True, True, True, False)),
        ({"absences": (Absence("hospital", date(2026, 11, 1), None),)}, (True, True, True, True)),
        ({"died_on": date(2026, 11, 20)}, (False, True, True, False)),
        ({"died_on": TODAY}, (True, True, True, True)),
        ({"born_on": date(1946, 11, 22)}, (False, True, True, False)),
        ({"born_on": date(1946, 11, 21)}, (True, True, True, True)),
    ],
)
def test_each_word_holds_or_not_by_itself(missing: dict[str, Any], words: tuple[bool, ...]) -> None:
    assert four(judge(old_age(), subject(**{**WHOLE, **missing}))) == words


def test_each_word_says_why() -> None:
    found = judge(old_age(), subject(**WHOLE))
    assert codes(found.eligible) == ["met_alive", "met_age", "met_household", "met_category"]
    assert found.enrolled.reasons == ({"code": "enrolled_since", "valid_from": "2025-03-01"},)
    assert found.compliant.reasons == ({"code": "proof_until", "valid_to": "2027-02-28"},)
    assert codes(found.payable) == ["payable"]
    assert sorted(found.reasons) == ["compliant", "eligible", "enrolled", "payable"]


def test_what_is_not_payable_names_every_word_that_is_lacking() -> None:
    away = (Absence("institution", date(2026, 11, 1), None),)
    found = judge(old_age(), subject(absences=away))
    assert codes(found.payable) == ["not_eligible", "not_enrolled", "not_compliant", "unmet_present"]
    assert codes(found.compliant) == ["never_proven"]
    assert codes(found.enrolled) == ["never_enrolled"]


@pytest.mark.parametrize("action", ["suspended", "ended"])
def test_what_was_done_to_an_enrolment_is_why_it_does_not_hold(action: str) -> None:
    last = {"action": action, "on_day": date(2026, 11, 1), "reason": "hospital"}
    found = judge(old_age(), subject(facts=(HERE,)), last)
    assert found.enrolled.reasons == ({"code": f"enrolment_{action}", "on": "2026-11-01", "why": "hospital"},)


def test_what_will_be_done_later_is_not_yet_why() -> None:
    last = {"action": "ended", "on_day": date(2026, 12, 1), "reason": "other"}
    assert codes(judge(old_age(), subject(), last).enrolled) == ["never_enrolled"]


def test_a_proof_that_has_lapsed_is_named_with_its_last_day() -> None:
    who = subject(**{**WHOLE, "life_proofs": ((date(2025, 9, 1), date(2026, 8, 31)),)})
    assert judge(old_age(), who).compliant.reasons == ({"code": "proof_lapsed", "ended_on": "2026-08-31"},)
    alone = subject(facts=(HERE,), life_proofs=((date(2025, 9, 1), date(2026, 11, 21)),))
    assert judge(old_age(), alone).compliant.reasons == ({"code": "proof_until", "valid_to": "2026-11-21"},)
    assert codes(judge(poor(), who).compliant) == ["no_proof_asked"]


def test_an_enrolment_counts_as_the_first_proof_for_as_long_as_one_holds() -> None:
    """Enrolled on 1 December 2025 it reaches to 30 November 2026, with proofs of six months to 31 May."""
    who = subject(facts=(HERE,), memberships=(Membership("old_age", date(2025, 12, 1), None),))
    assert judge(old_age(), who).compliant.reasons == ({"code": "proof_until", "valid_to": "2026-11-30"},)
    short = standings.judge(old_age(), who, TODAY, proof_months=6)
    assert short.compliant.reasons == ({"code": "proof_lapsed", "ended_on": "2026-05-31"},)


def test_a_condition_that_is_not_met_names_the_record_that_says_so() -> None:
    card = Fact("grade:disability_certificate", "2", date(2020, 1, 1), date(2026, 6, 30))
    dibao = Fact("assistance", "dibao", date(2020, 1, 1), date(2026, 10, 31))
    moved = Fact("household", "341302", date(2026, 9, 1), None)
    lapsed = judge(poor(), subject(facts=(card, dibao)))
    by_code = {one["code"]: one for one in lapsed.unmet}
    assert by_code["unmet_grade_ended"]["was"] == "2"
    assert by_code["unmet_grade_ended"]["ended_on"] == "2026-06-30"
    assert by_code["unmet_assistance_ended"]["ended_on"] == "2026-10-31"
    gone = judge(old_age(), subject(**{**WHOLE, "facts": (moved,)}))
    assert [dict(one) for one in gone.unmet] == [
        {"code": "unmet_household", "wanted": "370503", "has": "341302"}
    ]
    unknown = judge(old_age(), subject(**{**WHOLE, "facts": ()}))
    assert [one["code"] for one in unknown.unmet] == ["unmet_household_unknown"]


def test_what_is_drawn_elsewhere_excludes_and_is_named() -> None:
    card = Fact("grade:disability_certificate", "1", date(2020, 1, 1), None)
    facts = (
        card,
        Fact("assistance", "dibao", date(2020, 1, 1), None),
        Fact("draws", "ltci", date(2026, 1, 1), None),
    )
    found = judge(poor(), subject(facts=facts))
    assert [dict(one) for one in found.unmet] == [{"code": "unmet_exclusion", "by": "ltci"}]


def look(who: Subject, last: dict[str, Any] | None = None, *, has_applied: bool = False) -> Found | None:
    return finding.look("old_age", judge(old_age(), who, last), has_applied=has_applied)


def proposal(found: Found | None) -> tuple[str, str] | None:
    return None if found is None else (found.kind, found.proposal)


def test_who_is_eligible_and_not_enrolled_is_found_unless_they_have_applied() -> None:
    who = subject(facts=(HERE,))
    assert proposal(look(who)) == ("not_enrolled", "enrol")
    assert look(who, has_applied=True) is None
    assert look(subject(**WHOLE)) is None
    assert look(subject()) is None


def test_who_is_enrolled_and_no_longer_eligible_is_found_with_what_to_do() -> None:
    dead = subject(**{**WHOLE, "died_on": date(2026, 11, 2)})
    away = subject(**{**WHOLE, "absences": (Absence("institution", date(2026, 11, 1), None),)})
    assert proposal(look(dead)) == ("no_longer", "end")
    assert proposal(look(away)) == ("no_longer", "suspend")


def test_who_was_suspended_and_is_back_may_be_resumed() -> None:
    last = {"action": "suspended", "on_day": date(2026, 7, 1), "reason": "institution"}
    assert proposal(look(subject(facts=(HERE,)), last)) == ("not_enrolled", "resume")
    away = (Absence("institution", date(2026, 7, 1), None),)
    assert look(subject(facts=(HERE,), absences=away), last) is None


def test_the_same_reasons_have_the_same_mark_and_others_another() -> None:
    one, older = look(subject(facts=(HERE,))), look(subject(facts=(HERE,), born_on=date(1940, 1, 1)))
    ended = {"action": "ended", "on_day": date(2026, 7, 1), "reason": "other"}
    other = look(subject(facts=(HERE,)), ended)
    assert one is not None
    assert older is not None
    assert other is not None
    assert one.fingerprint == older.fingerprint != other.fingerprint


def test_an_enrolment_ends_from_the_day_after_a_death_and_else_from_today() -> None:
    dead = look(subject(**{**WHOLE, "died_on": date(2026, 11, 2)}))
    moved = look(subject(**{**WHOLE, "facts": ()}))
    assert dead is not None
    assert moved is not None
    assert finding.ends_from(dead.reasons, TODAY) == date(2026, 11, 3)
    assert finding.ends_from(moved.reasons, TODAY) == TODAY
