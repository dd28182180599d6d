"""What must hold between schemes of one district: time without overlap or gap, names, floors (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from services.policy.fields import Line
from services.policy.format import Scheme
from services.policy.subject import DAY


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not fit: the scheme and its field, a code, words.

    Codes: overlap, gap, order, same_version, kind, unknown_scheme, one_sided, floor.
    """

    scheme: str
    version: int
    field: str
    code: str
    message: str


def check(schemes: Iterable[Scheme], about: Scheme | None = None) -> tuple[Problem, ...]:
    """Return what does not fit between the schemes, of all or of what concerns one of them.

    A version without a last day ends by itself where the next one starts.
    """
    known = sorted(schemes, key=lambda one: (one.code, one.version))
    found = [*_in_time(known), *_named(known), *_floors(known)]
    return tuple(one for one in found if about is None or (one.scheme, one.version) == _key(about))


def _key(scheme: Scheme) -> tuple[str, int]:
    return scheme.code, scheme.version


def _in_time(known: Sequence[Scheme]) -> Iterator[Problem]:
    for first, second in pairwise(known):
        if first.code == second.code:
            yield from _follows(first, second)


def _follows(first: Scheme, second: Scheme) -> Iterator[Problem]:
    """Say what is wrong between a version and the next one."""
    before, start = f"version {first.version}", second.effective_from
    if first.version == second.version:
        yield _problem(second, "version", "same_version", f"{second.code} {second.version} is there twice")
    elif start <= first.effective_from:
        words = f"starts on {start}, not after {before}, which starts on {first.effective_from}"
        yield _problem(second, "effective_from", "order", words)
    elif first.effective_to is not None and first.effective_to >= start:
        words = f"starts on {start}, while {before} lasts until {first.effective_to}"
        yield _problem(second, "effective_from", "overlap", words)
    elif first.effective_to is not None and first.effective_to + DAY < start:
        words = f"{before} ends on {first.effective_to}: nobody is paid from then until {start}"
        yield _problem(second, "effective_from", "gap", words)
    if first.kind != second.kind:
        yield _problem(second, "kind", "kind", f"{before} is of kind {first.kind}; a new kind is a new code")


def _named(known: Sequence[Scheme]) -> Iterator[Problem]:
    by_code = {one.code: one for one in known}
    for one in known:
        named = [("excludes", code) for code in one.excludes] + [
            ("yields_to", code) for code in one.yields_to
        ]
        for field, code in [*named, *(("floors", floor.scheme) for floor in one.floors)]:
            if code not in by_code:
                yield _problem(one, field, "unknown_scheme", f"no scheme {code} in the district")
        for code in one.excludes:
            other = by_code.get(code)
            if other is not None and one.code not in other.excludes:
                words = f"{code} does not exclude {one.code}: let both say so, or name it in yields_to"
                yield _problem(one, "excludes", "one_sided", words)


def _floors(known: Sequence[Scheme]) -> Iterator[Problem]:
    """Compare each amount with the other scheme's of the same residence, where both are in force together."""
    for one in known:
        for floor in one.floors:
            for other in known:
                if other.code == floor.scheme and _meet(one, other, known):
                    yield from _below(one, other, Decimal(floor.times))


def _meet(one: Scheme, other: Scheme, known: Sequence[Scheme]) -> bool:
    """Say whether two schemes are in force on a common day, successors taken into account."""
    ends = [
        min(
            (s.effective_from - DAY for s in known if s.code == each.code and s.version > each.version),
            default=each.dates()[1],
        )
        for each in (one, other)
    ]
    first = max(one.effective_from, other.effective_from)
    return first <= min(*ends, one.dates()[1], other.dates()[1])


def _below(one: Scheme, other: Scheme, times: Decimal) -> Iterator[Problem]:
    for line in one.amounts:
        for floor in other.amounts:
            least = Decimal(floor.amount) * times
            if _same_place(line, floor) and Decimal(line.amount) < least:
                where = ", ".join(line.residence) or "all"
                words = (
                    f"{line.amount} ({where}) is less than {times} x {floor.amount} = {least:.2f}"
                    f" ({other.code} {other.version})"
                )
                yield _problem(one, "floors", "floor", words)


def _same_place(one: Line, other: Line) -> bool:
    return not one.residence or not other.residence or bool(set(one.residence) & set(other.residence))


def _problem(scheme: Scheme, field: str, code: str, words: str) -> Problem:
    return Problem(
        scheme.code, scheme.version, field, code, f"{scheme.code} {scheme.version}, {field}: {words}"
    )
