"""Every code a person may meet, by table."""

from dashboards.vocabulary import (
    assessment,
    care,
    devices,
    fitting,
    fleet,
    money,
    people,
    phone,
    planning,
    plans,
    problems,
    proof,
    records,
    roster,
    rules,
)

TABLES: dict[str, dict[str, str]] = {
    name.lower(): table
    for module in (
        assessment,
        care,
        devices,
        fitting,
        fleet,
        money,
        people,
        phone,
        planning,
        plans,
        problems,
        proof,
        records,
        roster,
        rules,
    )
    for name, table in vars(module).items()
    if name.isupper() and isinstance(table, dict)
}
FIGURES = {
    "grade": "grades",
    "as_grade": "grades",
    "category": "categories",
    "service": "services",
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
}
"""Figures of a line that are codes themselves, and their table."""
