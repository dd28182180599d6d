"""How a day lies in memory for the compiled search: records in arrays, one row each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NONE = -1
SINGLE, SIMULTANEOUS, SEQUENTIAL = 0, 1, 2

_TASK = [
    ("unit", "i8"), ("node", "i8"), ("duration", "f8"), ("cut", "f8"),
    ("sibling", "i8"),  # the other task of the job, which needs another carer
    ("able", "i8"), ("near", "i8"),  # how many carers may, how many neighbours there are
    ("carer", "i8"), ("prev", "i8"), ("next", "i8"),
    ("early", "f8"), ("latest", "f8"),  # as soon as possible; as late as nothing gets worse
    ("late", "f8"), ("pain", "f8"),  # minutes late, and what they cost
    ("promise", "f8"), ("move", "f8"),  # no start before it; a minute after it
    ("stamp", "i8"),
]  # fmt: skip
_UNIT = [
    ("first", "i8"), ("second", "i8"), ("kind", "i8"), ("least", "f8"), ("most", "f8"), ("job", "i8"),
    ("windows", "i8"), ("weight", "f8"), ("fixed", "i8"),
    ("key", "f8"), ("ahead", "i8"), ("behind", "i8"), ("stamp", "i8"),
]  # fmt: skip
_JOB = [
    ("unit", "i8"), ("units", "i8"), ("drop", "f8"), ("served", "i8"), ("possible", "i8"), ("fixed", "i8"),
    ("stamp", "i8"),
]  # fmt: skip
_CARER = [
    ("start", "i8"), ("end", "i8"), ("matrix", "i8"), ("opens", "f8"), ("closes", "f8"), ("break", "i8"),
    ("first", "i8"), ("last", "i8"), ("lunch", "i8"), ("travel", "f8"), ("work", "f8"),
    ("cost", "f8"), ("idle", "f8"), ("dirty", "i8"), ("stamp", "i8"),
]  # fmt: skip
_RULES = [
    ("travel", "f8"), ("highest", "f8"), ("waiting", "f8"), ("idle", "f8"), ("overtime", "f8"),
    ("missed", "f8"), ("opens", "f8"), ("limit", "f8"), ("lunch", "f8"), ("broken", "f8"),
    ("leaves_late", "i8"), ("optional", "i8"), ("breaks", "i8"), ("hard", "i8"),
    ("tasks", "i8"), ("units", "i8"), ("jobs", "i8"), ("carers", "i8"),
]  # fmt: skip
_STATE = [
    ("pain", "f8"), ("routes", "f8"), ("drops", "f8"), ("liking", "f8"), ("highest", "f8"), ("idle", "f8"),
    ("stamp", "i8"), ("ahead", "i8"), ("behind", "i8"), ("dirty", "i8"), ("rescan", "i8"),
    ("tasks", "i8"), ("units", "i8"), ("carers", "i8"), ("jobs", "i8"), ("unserved", "i8"), ("bound", "f8"),
]  # fmt: skip

TASK, UNIT, JOB, CARER, RULES, STATE = (
    np.dtype(fields, align=True) for fields in (_TASK, _UNIT, _JOB, _CARER, _RULES, _STATE)
)


class Day(NamedTuple):
    """Everything the compiled search reads and writes. `old_*` keep what the move under trial has touched."""

    tasks: NDArray[np.void]
    units: NDArray[np.void]
    jobs: NDArray[np.void]
    carers: NDArray[np.void]
    rules: NDArray[np.void]
    state: NDArray[np.void]
    windows: NDArray[np.float64]
    travel: NDArray[np.float64]
    allowed: NDArray[np.uint8]
    liking: NDArray[np.float64]
    able: NDArray[np.int64]
    near: NDArray[np.int64]
    ahead: NDArray[np.int64]
    behind: NDArray[np.int64]
    dirty: NDArray[np.int64]
    old_tasks: NDArray[np.void]
    old_units: NDArray[np.void]
    old_jobs: NDArray[np.void]
    old_carers: NDArray[np.void]
    old_state: NDArray[np.void]
    was_tasks: NDArray[np.int64]
    was_units: NDArray[np.int64]
    was_jobs: NDArray[np.int64]
    was_carers: NDArray[np.int64]
    left: NDArray[np.int64]  # segments of an exchange
    right: NDArray[np.int64]
    random: NDArray[np.uint64]
    figures: NDArray[np.int64]  # tried and taken, by kind of move
