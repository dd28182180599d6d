"""People and what is done for them, in English words; the catalogues hold the rest."""

from dashboards.vocabulary.mark import N_

SERVICES = {
    "meal": N_("Meals"),
    "bath": N_("Bathing"),
    "clean": N_("Cleaning"),
    "walk": N_("Walking aid"),
    "medical": N_("Medical escort"),
    "emergency": N_("Emergency"),
    "care": N_("Basic care"),
    "health": N_("Health care"),
    "call_on": N_("Calling on"),
    "comfort": N_("Company"),
    "errand": N_("Errands"),
    "adapt": N_("Home adaptation"),
}
GRADES = {
    "intact": N_("Intact"),
    "mild": N_("Mild loss"),
    "moderate": N_("Moderate loss"),
    "severe": N_("Severe loss"),
    "total": N_("Total loss"),
}
SCALES = {
    "gbt_42195": N_("Ability grade"),
    "tekun_self_care": N_("Self-care level"),
    "disability_certificate": N_("Disability certificate"),
    "ltci": N_("Long-term care insurance"),
}
CATEGORIES = {
    "general": N_("General"),
    "dibao": N_("Minimum-income family"),
    "tekun": N_("In extreme poverty"),
    "disabled": N_("Disabled"),
}
GENDERS = {"female": N_("female"), "male": N_("male")}
LANGUAGES = {
    "zh": N_("Mandarin"),
    "shandong": N_("Shandong dialect"),
    "anhui": N_("Anhui dialect"),
    "ug": N_("Uyghur"),
    "en": N_("English"),
}
RELATIONS = {
    "daughter": N_("daughter"),
    "son": N_("son"),
    "spouse": N_("spouse"),
    "wife": N_("wife"),
    "husband": N_("husband"),
    "granddaughter": N_("granddaughter"),
    "grandson": N_("grandson"),
    "grandchild": N_("grandchild"),
    "niece": N_("niece"),
    "nephew": N_("nephew"),
    "sibling": N_("brother or sister"),
    "daughter_in_law": N_("daughter-in-law"),
    "son_in_law": N_("son-in-law"),
    "neighbour": N_("neighbour"),
    "guardian": N_("guardian"),
    "friend": N_("friend"),
    "other": N_("other relation"),
}
CONDITIONS = {"illness": N_("Illness"), "medicine": N_("Medicine"), "risk": N_("Risk")}
ABSENCES = {"hospital": N_("in hospital"), "holiday": N_("away"), "institution": N_("in a care home")}
ROLES = {
    "operator": N_("Operator"),
    "duty_manager": N_("Duty manager"),
    "caregiver": N_("Caregiver"),
    "provider_manager": N_("Provider manager"),
    "family": N_("Family"),
    "clerk": N_("Civil-affairs clerk"),
    "auditor": N_("Auditor"),
    "approver": N_("Approver"),
    "assessor": N_("Assessor"),
    "installer": N_("Installer"),
    "admin": N_("Administrator"),
}
SKILLS = {
    "care": N_("care"),
    "bath": N_("bathing"),
    "emergency": N_("emergency aid"),
    "medical": N_("medical escort"),
    "nursing": N_("nursing"),
    "health": N_("health care"),
    "comfort": N_("company"),
    "adapt": N_("home adaptation"),
}
TONGUES = {"zh_CN": N_("Chinese"), "en": N_("English")}
