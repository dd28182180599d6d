"""Assessments and guardianship: causes, grounds, roles, steps and what they find."""

from dashboards.vocabulary.mark import N_

INFORMANTS = {
    "self": N_("The person"),
    "spouse": N_("Spouse"),
    "child": N_("Child"),
    "relative": N_("Another relative"),
    "caregiver": N_("Caregiver"),
    "neighbour": N_("Neighbour"),
    "official": N_("Official of the village or community"),
    "other": N_("Somebody else"),
}
WANT_CAUSES = {
    "application": N_("Applied"),
    "condition": N_("Change reported"),
    "dispute": N_("Disputed"),
    "lapsing": N_("Grade ends soon"),
    "lapsed": N_("Grade has ended"),
    "ungraded": N_("Never graded"),
    "asked": N_("Asked for by hand"),
}
DISPUTE_GROUNDS = {
    "answers": N_("The answers do not fit"),
    "changed_since": N_("The condition has changed since"),
    "process": N_("How the assessment went"),
    "assessor": N_("Who assessed"),
    "other": N_("Other"),
}
RULE_SETS = {"gbt_42195_2022": N_("the national standard GB/T 42195-2022")}
DISPUTE_STATES = {
    "open": N_("Waits for the review"),
    "reviewed": N_("Reviewed"),
    "withdrawn": N_("Withdrawn"),
}
GRADE_DISPUTE_OUTCOMES = {"same": N_("same grade"), "milder": N_("milder grade"), "worse": N_("worse grade")}
DISPUTE_KINDS = {"elder": N_("The person"), "family": N_("Family"), "clerk": N_("Civil affairs")}
SCALE_GRADES = {
    "ltci:0": N_("LTCI 0"),
    "ltci:1": N_("LTCI 1"),
    "ltci:2": N_("LTCI 2"),
    "ltci:3": N_("LTCI 3"),
    "ltci:4": N_("LTCI 4"),
    "ltci:5": N_("LTCI 5"),
    "disability_certificate:1": N_("Certificate, level 1"),
    "disability_certificate:2": N_("Certificate, level 2"),
    "disability_certificate:3": N_("Certificate, level 3"),
    "disability_certificate:4": N_("Certificate, level 4"),
    "tekun_self_care:self": N_("Cares for oneself"),
    "tekun_self_care:partial": N_("Cares for oneself in part"),
    "tekun_self_care:dependent": N_("Cannot care for oneself"),
    "gbt_42195:intact": N_("Intact"),
    "gbt_42195:mild": N_("Mild loss"),
    "gbt_42195:moderate": N_("Moderate loss"),
    "gbt_42195:severe": N_("Severe loss"),
    "gbt_42195:total": N_("Total loss"),
}
GUARD_ROLES = {
    "guardian": N_("Guardian"),
    "caregiver": N_("Carer"),
    "official": N_("Responsible official"),
    "nurse": N_("Home nurse"),
    "social_worker": N_("Social worker or volunteer"),
}
GUARD_STEPS = {
    "investigate": N_("1 Look into"),
    "determine": N_("2 Determine"),
    "choose": N_("3 Choose"),
    "care": N_("4 Care"),
}
GUARD_FINDINGS = {
    "no_relative": N_("No relative"),
    "relative_able": N_("A relative is able"),
    "relative_unable": N_("Relatives are not able"),
    "relative_unwilling": N_("Relatives are not willing"),
    "none": N_("No civil capacity"),
    "limited": N_("Limited civil capacity"),
    "full": N_("Full civil capacity"),
    "relative": N_("A relative"),
    "village_committee": N_("Village or residents' committee"),
    "institution": N_("A care home"),
    "organisation": N_("A social organisation"),
    "civil_affairs": N_("The civil-affairs department"),
    "at_home": N_("At home"),
    "with_guardian": N_("With the guardian"),
}
CAPACITIES = {
    "none": N_("No civil capacity"),
    "limited": N_("Limited civil capacity"),
    "unknown": N_("Not determined yet"),
}
HAVES = {
    "home": N_("A safe home"),
    "income": N_("Basic living paid"),
    "medical": N_("Medical insurance"),
    "carer": N_("Somebody who cares"),
    "contact": N_("A way to call for help"),
    "file": N_("A complete file"),
}
HAVE_STATES = {
    "had": N_("There"),
    "missing": N_("Missing"),
    "stale": N_("To be looked at again"),
    "never": N_("Not looked at yet"),
}
GUARD_CLOSINGS = {
    "died": N_("Has died"),
    "capacity_regained": N_("Has regained capacity"),
    "moved": N_("Has moved away"),
    "not_needed": N_("Not needed"),
}
