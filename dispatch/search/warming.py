"""Compiled code is made once on a machine and kept beside its source: before a clock starts, not after."""

import numpy as np

from dispatch.search.problem import Carer, Job, Problem, Task
from dispatch.search.solve import solve


def warm() -> None:
    """Compile the search if this machine has not yet done so (about a minute); later it takes no time."""
    job, task = Job("job", (0,), ((0.0, 1.0),)), Task("task", 0, 0, 1.0)
    carer = Carer("carer", 0, 0, (0.0, 1.0))
    problem = Problem((carer,), (task,), (job,), np.zeros((1, 1)), np.ones((1, 1), dtype=bool))
    solve(problem, iterations=1)
