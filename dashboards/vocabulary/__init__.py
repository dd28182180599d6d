"""Every code a person may meet, by table."""

from dashboards.vocabulary import (
    allowances,
    assessment,
    audit,
    care,
    devices,
    duty,
    eligibility,
    family,
    fitting,
    fleet,
    fraud,
    inbound,
    money,
    notices,
    people,
    phone,
    planning,
    plans,
    problems,
    proof,
    questions,
    records,
    relatives,
    reporting,
    roster,
    rules,
    scheme_wrongs,
    schemes,
    seats,
    settling,
    telephony,
)

TABLES: dict[str, dict[str, str]] = {
    name.lower(): table
    for module in (
        allowances,
        audit,
        assessment,
        care,
        devices,
        duty,
        eligibility,
        family,
        fitting,
        fleet,
        fraud,
        inbound,
        money,
        notices,
        people,
        phone,
        planning,
        plans,
        problems,
        proof,
        questions,
        records,
        relatives,
        reporting,
        roster,
        rules,
        scheme_wrongs,
        schemes,
        seats,
        settling,
        telephony,
    )
    for name, table in vars(module).items()
    if name.isupper() and isinstance(table, dict)
}
TABLES["explanations"] = {**TABLES["explanations"], **TABLES["scheme_explanations"]}
TABLES["problems"] |= TABLES["seat_problems"]
TABLES["problems"] |= TABLES["inbound_problems"]
TABLES["fields"] |= TABLES["inbound_fields"]
TABLES["problems"] |= TABLES["duty_problems"]
TABLES["problems"] |= TABLES["policy_problems"]
TABLES["fields"] |= TABLES["policy_fields"]
TABLES["fields"] |= TABLES["duty_fields"]
TABLES["problems"] |= TABLES["family_problems"]
TABLES["fields"] |= TABLES["family_fields"]
TABLES["problems"] |= TABLES["relative_problems"]
TABLES["fields"] |= TABLES["relative_fields"]
TABLES["problems"] |= TABLES["question_problems"]
TABLES["fields"] |= TABLES["question_fields"]
FIGURES = {
    "transfer_is": "transfer_states",
    "invitation_is": "invitation_states",
    "assistance": "assistances",
    "absence": "absences",
    "condition": "scheme_conditions",
    "gone": "gone",
    "period": "periods",
    "place": "care_places",
    "residence": "residences",
    "grade": "grades",
    "as_grade": "grades",
    "category": "categories",
    "service": "services",
    "why": "correction_reasons",
    "statement_is": "statement_states",
    "unit": "units",
    "state": "states",
    "verb": "verbs",
    "skill": "skills",
    "reason": "shelve_reasons",
    "audience": "audiences",
    "scale": "scales",
    "room": "rooms",
    "leave": "leaves",
    "gender": "genders",
    "returned": "payment_reasons",
    "correction": "allowance_reasons",
}
"""Figures of a line that are codes themselves, and their table."""
