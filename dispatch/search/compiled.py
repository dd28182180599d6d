"""How the search is compiled, and how compiled code reaches the records of a day.

A day is handed to compiled code as one table of addresses: a call passes one argument, not thirty arrays.
With NUMBA_DISABLE_JIT=1 the same code runs as plain Python on the arrays themselves.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from dispatch.search import layout
from dispatch.search.layout import Day

CONFIG: Any = numba.config
NJIT: Any = numba.njit  # its stubs do not know `_nrt`: no reference counts, for nothing is allocated
IS_PLAIN = bool(CONFIG.DISABLE_JIT)
Table = Any
"""What `handle` returns."""
F = TypeVar("F", bound=Callable[..., Any])
ARRAYS = Day._fields
SOURCES = (
    "anneal", "compiled", "first", "layout", "moves", "prices", "routes", "serving", "times", "trial",
)  # fmt: skip
WIDTH = 3  # of the table: address and two strides an array


def _cache() -> bool:
    """Choose where compiled code is kept: one folder for each version of these sources, or nowhere."""
    sources = [Path(__file__).parent / f"{name}.py" for name in SOURCES]
    name = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(home) / "yinling") / f"search-{name}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return False
    CONFIG.CACHE_DIR = str(folder)
    return True


CACHED = _cache()


def compiled(function: F) -> F:
    """Compile a function; it may not allocate."""
    done: F = NJIT(cache=CACHED, _nrt=False)(function)
    return done


def inlined(function: F) -> F:
    """Compile a small function into its callers."""
    done: F = NJIT(cache=CACHED, _nrt=False, forceinline=True)(function)
    return done


def handle(day: Day) -> Any:  # noqa: ANN401 - what compiled code takes, or the arrays themselves
    """Return what compiled code is given of a day; the day must outlive it."""
    if IS_PLAIN:
        return day
    table = np.zeros(len(ARRAYS) * WIDTH, np.int64)
    for place, array in enumerate(day):
        strides = array.strides
        table[place * WIDTH : place * WIDTH + 1 + min(2, len(strides))] = (array.ctypes.data, *strides[:2])
    return table


def _word(builder: Any, context: Any, kind: Any, table: Any, place: int) -> Any:  # noqa: ANN401 - LLVM
    """Load a word of the table, which never changes."""
    array = context.make_array(kind)(context, builder, value=table)
    word = builder.load(builder.gep(array.data, [context.get_constant(types.intp, place)]))
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


def _address(builder: Any, context: Any, kinds: Any, args: Any, place: int, sizes: list[int | None]) -> Any:  # noqa: ANN401
    """Return the address of an element: base plus index times stride; a stride of None is in the table."""
    address = _word(builder, context, kinds[0], args[0], place * WIDTH)
    for nth, size in enumerate(sizes):
        index = context.cast(builder, args[1 + nth], kinds[1 + nth], types.int64)
        step = (
            _word(builder, context, kinds[0], args[0], place * WIDTH + 1 + nth)
            if size is None
            else context.get_constant(types.int64, size)
        )
        address = builder.add(address, builder.mul(index, step))
    return address


def _records(name: str, dtype: np.dtype[Any]) -> Any:  # noqa: ANN401
    place, record = ARRAYS.index(name), numba.from_dtype(dtype)

    def plain(day: Day, index: int) -> Any:  # noqa: ANN401
        return getattr(day, name)[index]

    def typed(_typing: Any, day: Any, index: Any) -> Any:  # noqa: ANN401
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
            address = _address(builder, context, signature.args, args, place, [dtype.itemsize])
            return builder.inttoptr(address, context.get_value_type(record))

        return record(day, index), codegen

    return plain if IS_PLAIN else intrinsic(typed)


def _cells(name: str, kind: Any, sizes: list[int | None]) -> Any:  # noqa: ANN401
    place = ARRAYS.index(name)

    def plain(day: Day, *index: int) -> Any:  # noqa: ANN401
        return getattr(day, name)[index]

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        address = _address(builder, context, signature.args, args, place, sizes)
        return builder.load(builder.inttoptr(address, context.get_data_type(kind).as_pointer()))

    def one(_typing: Any, day: Any, i: Any) -> Any:  # noqa: ANN401
        return kind(day, i), codegen

    def two(_typing: Any, day: Any, i: Any, j: Any) -> Any:  # noqa: ANN401
        return kind(day, i, j), codegen

    def three(_typing: Any, day: Any, i: Any, j: Any, k: Any) -> Any:  # noqa: ANN401
        return kind(day, i, j, k), codegen

    return plain if IS_PLAIN else intrinsic((one, two, three)[len(sizes) - 1])


def _writer(name: str, kind: Any) -> Any:  # noqa: ANN401
    place = ARRAYS.index(name)

    def plain(day: Day, index: int, value: Any) -> None:  # noqa: ANN401
        getattr(day, name)[index] = value

    def typed(_typing: Any, day: Any, index: Any, value: Any) -> Any:  # noqa: ANN401
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
            address = _address(builder, context, signature.args, args, place, [8])
            word = context.cast(builder, args[2], signature.args[2], kind)
            builder.store(word, builder.inttoptr(address, word.type.as_pointer()))
            return context.get_dummy_value()

        return types.void(day, index, value), codegen

    return plain if IS_PLAIN else intrinsic(typed)


def _copy() -> Any:  # noqa: ANN401
    memcpy: Any = cgutils.raw_memcpy

    def plain(target: Any, source: Any) -> None:  # noqa: ANN401
        for name in target.dtype.names:
            target[name] = source[name]

    def typed(_typing: Any, target: Any, source: Any) -> Any:  # noqa: ANN401
        def codegen(context: Any, builder: Any, _signature: Any, args: Any) -> Any:  # noqa: ANN401
            memcpy(builder, args[0], args[1], context.get_constant(types.intp, target.size), 1)
            return context.get_dummy_value()

        return types.void(target, source), codegen

    return plain if IS_PLAIN else intrinsic(typed)


copy = _copy()
task_at = _records("tasks", layout.TASK)
unit_at = _records("units", layout.UNIT)
job_at = _records("jobs", layout.JOB)
carer_at = _records("carers", layout.CARER)
old_task_at = _records("old_tasks", layout.TASK)
old_unit_at = _records("old_units", layout.UNIT)
old_job_at = _records("old_jobs", layout.JOB)
old_carer_at = _records("old_carers", layout.CARER)
_rules_at = _records("rules", layout.RULES)
_state_at = _records("state", layout.STATE)
old_state_at = _records("old_state", layout.STATE)

window_at = _cells("windows", types.float64, [None, None, 8])
travel_at = _cells("travel", types.float64, [None, None, 8])
allowed_at = _cells("allowed", types.uint8, [None, 1])
liking_at = _cells("liking", types.float64, [None, 8])
able_at = _cells("able", types.int64, [None, 8])
near_at = _cells("near", types.int64, [None, 8])
random_at = _cells("random", types.uint64, [8])
set_random = _writer("random", types.uint64)
ahead_at = _cells("ahead", types.int64, [8])
set_ahead = _writer("ahead", types.int64)
behind_at = _cells("behind", types.int64, [8])
set_behind = _writer("behind", types.int64)
dirty_at = _cells("dirty", types.int64, [8])
set_dirty = _writer("dirty", types.int64)
was_tasks_at = _cells("was_tasks", types.int64, [8])
set_was_tasks = _writer("was_tasks", types.int64)
was_units_at = _cells("was_units", types.int64, [8])
set_was_units = _writer("was_units", types.int64)
was_jobs_at = _cells("was_jobs", types.int64, [8])
set_was_jobs = _writer("was_jobs", types.int64)
was_carers_at = _cells("was_carers", types.int64, [8])
set_was_carers = _writer("was_carers", types.int64)
left_at = _cells("left", types.int64, [8])
set_left = _writer("left", types.int64)
right_at = _cells("right", types.int64, [8])
set_right = _writer("right", types.int64)
figures_at = _cells("figures", types.int64, [8])
set_figures = _writer("figures", types.int64)


@inlined
def rules(day: Any) -> Any:  # noqa: ANN401
    """Return the rules."""
    return _rules_at(day, 0)


@inlined
def state(day: Any) -> Any:  # noqa: ANN401
    """Return the sums."""
    return _state_at(day, 0)
