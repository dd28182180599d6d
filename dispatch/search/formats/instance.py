"""A benchmark's instance: the problem that it states, and what its file calls each task."""

from dataclasses import dataclass

from dispatch.search.problem import Problem, Solution


@dataclass(frozen=True)
class Instance:
    """A problem, and (patient, service) of each of its tasks as the file names them.

    `carer_ids` and `job_ids` are the file's own, where they may be numbers.
    """

    problem: Problem
    named: tuple[tuple[str, str], ...]
    carer_ids: tuple[int | str, ...] = ()
    job_ids: tuple[int | str, ...] = ()

    def ordering(self, solution: Solution) -> list[str]:
        """Return who is visited, in the order of the day (a pair by its first start)."""
        starts = sorted((stop.start, stop.task) for route in solution.routes for stop in route)
        return list(dict.fromkeys(self.named[task][0] for _, task in starts))
