"""Every code a person may meet, by table."""

from dashboards.vocabulary import (
    care,
    devices,
    fitting,
    fleet,
    money,
    people,
    problems,
    proof,
    records,
    rules,
)

TABLES: dict[str, dict[str, str]] = {
    name.lower(): table
    for module in (care, devices, fitting, fleet, money, people, problems, proof, records, rules)
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
}
"""Figures of a line that are codes themselves, and their table."""
