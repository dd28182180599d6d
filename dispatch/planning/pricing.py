"""A plan's price by the evaluator, which shares no code with the search, from their files. Pure."""

from typing import Any

import msgspec

from dispatch.evaluator import day as evaluator
from dispatch.planning.days import Day
from dispatch.search.formats import day as file
from dispatch.search.formats.instance import Instance
from dispatch.search.problem import Solution

MOST_LEGS = 15_000_000
"""A day with more legs than this would not fit into memory as a file; the plan's cost says so."""


def files(day: Day, solution: Solution) -> tuple[bytes, bytes]:
    """Return a day and its plan as files that others can read."""
    problem = day.problem
    names = tuple((problem.jobs[one.job].id, one.id) for one in problem.tasks)
    return file.dump(problem), msgspec.json.encode(file.write(Instance(problem, names), solution))


def priced(day: Day, solution: Solution) -> dict[str, Any]:
    """Return what the evaluator says: total, parts, and what is against the rules, by name."""
    if day.problem.travel.size > MOST_LEGS:
        return {"code": "too_large", "legs": int(day.problem.travel.size)}
    report = evaluator.evaluate(*files(day, solution))
    parts = {name: round(value, 3) for name, value in report.cost.items() if value}
    violations = [one._asdict() for one in report.violations]
    return {"total": round(report.total, 3), "parts": parts, "violations": violations}
