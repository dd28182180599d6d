"""A carer's day of a district's plan, walked through from the first place to the last."""

from itertools import pairwise
from typing import NamedTuple

from dispatch.evaluator.day_files import Carer, Day, Stop, Task
from dispatch.evaluator.report import Findings

SLACK = 1e-6


class Walked(NamedTuple):
    """What one carer's day came to."""

    travel: float
    waiting: float
    overtime: float
    idle: float
    breaks: int


class Step(NamedTuple):
    """Something that happens at a place: a service or the break before it."""

    node: int
    start: float
    end: float
    name: str
    is_break: bool


def walk(file: Day, nth: int, stops: list[tuple[Task, Stop]], found: Findings) -> Walked:
    """Go through a day and note who comes before they can, and who is back too late."""
    carer = file.carers[nth]
    steps = [step for task, stop in stops for step in _steps(file, carer, task, stop, found)]
    if not steps:
        return Walked(0.0, 0.0, 0.0, carer.until - carer.shift[0], 0)
    way = file.travel[carer.matrix]
    first, last = steps[0], steps[-1]
    out, home = way[carer.start][first.node], way[last.node][carer.end]
    before = first.start - out - carer.shift[0]
    if before < -SLACK:
        found.breaks("shift_start", f"{carer.id} at {first.name}", -before)
    legs, waits = [out], [] if file.leaves_late else [max(0.0, before)]
    for one, other in pairwise(steps):
        legs.append(way[one.node][other.node])
        wait = other.start - one.end - legs[-1]
        if wait < -SLACK:
            found.breaks("travel", f"{carer.id} at {other.name}", -wait)
        is_free = one is first and first.is_break
        waits.append(0.0 if is_free else max(0.0, wait))
    back = last.end + home
    overtime = max(0.0, back - carer.until)
    if overtime > SLACK and not file.is_overtime_allowed:
        found.breaks("overtime", carer.id, overtime)
    breaks = sum(step.is_break for step in steps)
    if breaks > 1:
        found.breaks("two_breaks", carer.id)
    busy = sum(legs) + home + sum(step.end - step.start for step in steps)
    idle = max(back, carer.until) - carer.shift[0] - busy
    return Walked(sum(legs) + home, sum(waits), overtime, idle, breaks)


def _steps(file: Day, carer: Carer, task: Task, stop: Stop, found: Findings) -> list[Step]:
    """Return the service, and before it the break if there is one."""
    service = Step(task.node, stop.start, stop.end, task.id, is_break=False)
    if stop.lunch is None:
        return [service]
    rule = file.lunch
    if rule is None or not carer.has_break:
        found.breaks("break_not_due", f"{carer.id} at {task.id}")
        return [service]
    end = stop.lunch + rule.duration
    met = stop.lunch if rule.at_start else end
    if stop.lunch < rule.window[0] - SLACK or met > rule.window[1] + SLACK:
        found.breaks("break_time", f"{carer.id} at {task.id}", stop.lunch)
    return [Step(task.node, stop.lunch, end, task.id, is_break=True), service]
