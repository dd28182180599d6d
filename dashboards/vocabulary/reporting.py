"""Words of what-ifs and reports."""

from dashboards.vocabulary.mark import N_

POPULATIONS = {
    "enrolled": N_("who is enrolled in the scheme"),
    "eligible": N_("everybody who fulfils the conditions"),
}
WHAT_IF_STATES = {
    "waiting": N_("waits to be computed"),
    "running": N_("being computed"),
    "done": N_("computed"),
    "failed": N_("could not be computed"),
    "stopped": N_("stopped by hand"),
}
WHAT_IF_WORDS = {
    "elder": N_("Elder"),
    "town": N_("Town"),
    "grade": N_("Grade"),
    "paid": N_("As it was"),
    "would_pay": N_("Under the draft"),
    "change": N_("Difference"),
    "low": N_("Lower end"),
    "width": N_("Span"),
    "description": N_("Cost by month as it was and under the draft"),
    "title": N_("What if"),
    "about": N_("About"),
    "scheme": N_("Scheme"),
    "months": N_("Months"),
    "counted": N_("Counted"),
    "seed": N_("Seed"),
    "by": N_("By"),
    "not_graded": N_("Not graded"),
}
