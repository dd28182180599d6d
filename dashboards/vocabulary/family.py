"""The family's page in English words; the catalogues hold the rest."""

from dashboards.vocabulary.mark import N_

FAMILY_ANSWERS = {
    "seen": N_("I have seen it."),
    "coming": N_("I am on my way."),
    "with_them": N_("I am with them."),
    "cannot": N_("I cannot come."),
}
SAFE_HOW = {
    "with_them": N_("I am with them"),
    "spoke": N_("I have spoken with them"),
    "seen_by_other": N_("Somebody else is with them"),
    "camera": N_("I see them on a camera"),
}
PUSH_DEVICES = {
    "android": N_("Android phone"),
    "apple": N_("iPhone or iPad"),
    "desktop": N_("Computer"),
    "other": N_("Another device"),
}
PUSH_FAILURES = {
    "push_host_not_allowed": N_("this browser's push service is not allowed here"),
    "push_keys_wrong": N_("the browser's keys do not fit: switch it off and on again"),
    "push_refused": N_("the push service refused it"),
    "push_busy": N_("the push service is busy: try again later"),
    "push_unavailable": N_("the push service does not work at the moment"),
    "push_unreachable": N_("the push service cannot be reached"),
    "gone": N_("this browser has switched it off"),
}
FAMILY_PROBLEMS = {
    "case_over": N_("It is over already: nobody needs to go."),
    "no_family_member": N_("This account belongs to no family member."),
    "too_many_browsers": N_("This account has too many devices: remove one first."),
}
FAMILY_FIELDS = {
    "push_host_not_allowed": N_("This browser's push service is not allowed by this installation."),
    "not_a_key": N_("Not a key of a browser."),
}
