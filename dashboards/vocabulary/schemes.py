"""Subsidy schemes: kinds, states, conditions, and how an amount was found, in English words."""

from dashboards.vocabulary.mark import N_

SCHEME_KINDS = {
    "services": N_("Quota for visits"),
    "allowance": N_("Allowance in money"),
    "voucher": N_("Voucher"),
    "standard": N_("Standard that others refer to"),
}
SCHEME_STATES = {
    "draft": N_("Waits for a second person"),
    "signed": N_("Signed"),
    "withdrawn": N_("Withdrawn"),
}
SCHEME_CONDITIONS = {
    "in_force": N_("the scheme is in force"),
    "alive": N_("the person is alive"),
    "age": N_("age"),
    "household": N_("household registered here"),
    "category": N_("category"),
    "assistance": N_("social assistance"),
    "grade": N_("grade"),
    "amount": N_("an amount for the person"),
    "place": N_("place of care"),
    "residence": N_("residence"),
    "living": N_("who lives with the person"),
    "exclusion": N_("nothing else is drawn that excludes it"),
    "present": N_("at home, not suspended"),
    "enrolled": N_("enrolled"),
    "next_month": N_("begins with the next month"),
    "life_proof": N_("proof of life"),
    "standard_only": N_("a standard, paid to nobody"),
}
ASSISTANCES = {
    "dibao": N_("Minimum-income family"),
    "dibao_margin": N_("Just above the minimum income"),
    "tekun": N_("In extreme poverty"),
    "tuopin": N_("Lifted out of poverty"),
    "orphan": N_("Orphan"),
}
RESIDENCES = {"urban": N_("In the town"), "rural": N_("In the country")}
CARE_PLACES = {"scattered": N_("Cared for at home"), "institution": N_("In an institution")}
LIVINGS = {
    "alone": N_("Alone"),
    "empty_nest": N_("Children live elsewhere"),
    "left_behind": N_("Left behind by who works away"),
    "with_family": N_("With the family"),
}
DRAWS = {
    "nursing_allowance": N_("Another nursing allowance"),
    "elder_services": N_("Subsidy for elderly services"),
}
PERIODS = {"month": N_("a month"), "year": N_("a year")}
GONE = {"death": N_("death"), "moved": N_("moving away")}
SCHEME_RULES = {
    "priority": N_("Asked to pay in the order"),
    "excludes": N_("Not beside (the earlier enrolment stands)"),
    "yields_to": N_("Pays nothing beside"),
    "yields_to_drawn": N_("Pays nothing while this is drawn elsewhere"),
    "needs_life_proof": N_("Needs a proof of life"),
    "copay_within": N_("The person pays of each visit"),
    "copay_beyond": N_("The person pays of what lies beyond the quota"),
    "package": N_("A package by the month; visits in it"),
    "carry_months": N_("Unused quota: usable so many months longer"),
    "carry_year_end": N_("Unused quota: usable until the year ends"),
    "carry_none": N_("Unused quota: expires with its month"),
    "start": N_("A month in which it begins"),
    "end": N_("A month in which it ends"),
    "change": N_("An amount that changes within a month"),
    "stop_death": N_("Paid after a death until"),
    "stop_moved": N_("Paid after moving away until"),
    "hospital": N_("In hospital: paid for so many days"),
    "institution": N_("In an institution: paid for so many days"),
    "holiday": N_("On holiday: paid for so many days"),
    "floor": N_("No less than"),
    "gradual_exit": N_("Gradual exit, months"),
    "age_from": N_("From the age of"),
    "age_to": N_("Up to the age of"),
    "household": N_("Household"),
}
SCHEME_CHOICES = {
    "day": N_("by days"),
    "month": N_("the whole month, the highest amount"),
    "next_month": N_("from the next month"),
    "service_date": N_("what holds on the day of the visit"),
    "until_day": N_("the same day"),
    "until_month": N_("the end of the month"),
    "until_quarter": N_("the end of the quarter"),
    "here": N_("registered in this district"),
    "yes": N_("yes"),
}
SCHEME_EXPLANATIONS = {
    "rate_line": N_("By the scheme, for %(which)s: %(rate)s yuan %(period)s."),
    "year_share": N_("Of %(rate)s yuan a year month %(month)s has %(share)s yuan."),
    "days": N_("%(days)s of %(of)s days (%(first)s to %(last)s) at %(rate)s yuan a month."),
    "due": N_("Due for the month: %(amount)s yuan."),
    "life_proof_missing": N_(
        "No proof of life holds in the month: %(withheld)s yuan are withheld and paid when it is renewed."
    ),
    "gradual_exit": N_(
        "“%(assistance)s” ended on %(ended_on)s and counts until %(counts_to)s (gradual exit)."
    ),
    "not_clawed_back": N_(
        "After %(gone)s (last day %(last)s) it is paid until %(paid_to)s and not taken back."
    ),
    "standard_only": N_("This is a standard that others refer to; nobody is paid from it."),
    "not_eligible": N_(
        "On this day a condition of the scheme does not hold (%(condition)s): the person pays %(copay)s yuan."
    ),
    "quota_carried": N_("%(carried)s yuan come from earlier months."),
    "year_used": N_("Earlier months have used %(used)s yuan of the year."),
    "voucher_elsewhere": N_("%(redeemed)s yuan of the voucher were redeemed elsewhere."),
    "copay_share": N_("The person's own share is %(share)s of the amount: %(copay)s yuan."),
    "beyond_quota": N_(
        "%(amount)s yuan lie beyond the quota; of these the person's share is %(share)s. "
        "The subsidy pays %(subsidy)s yuan (%(cap_left)s of at most %(cap)s were left)."
    ),
    "subsidy_shared": N_("The subsidy pays %(subsidy)s yuan, the person %(copay)s yuan."),
    "package": N_("Visit %(number)s of the month's package: %(amount)s yuan."),
    "beyond_package": N_(
        "The package has %(visits)s visits, this is number %(number)s: the person pays %(copay)s yuan."
    ),
}
