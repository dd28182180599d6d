"""What an evaluator says of a plan, and how it reads files; nothing here comes from the search."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import msgspec

from core.errors import Failure

File = TypeVar("File")


class Fault(NamedTuple):
    """One rule that a plan breaks: the rule's name, where, and by how much."""

    code: str
    where: str
    by: float | None = None


@dataclass(frozen=True)
class Report:
    """What a plan costs by component (weighted), and every rule it breaks.

    `lenient` holds what the publishers' own tool lets pass and we do not: a plan with any must not be quoted.
    """

    cost: dict[str, float]
    figures: dict[str, float]
    violations: tuple[Fault, ...] = ()
    lenient: tuple[Fault, ...] = ()

    @property
    def total(self) -> float:
        """What the plan costs."""
        return sum(self.cost.values())

    @property
    def is_feasible(self) -> bool:
        """Whether no rule is broken, ours or the publishers'."""
        return not self.violations and not self.lenient

    def told(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "total": round(self.total, 6),
            "cost": {name: round(value, 6) for name, value in self.cost.items()},
            "figures": {name: round(value, 6) for name, value in self.figures.items()},
            "violations": [one._asdict() for one in self.violations],
            "lenient": [one._asdict() for one in self.lenient],
        }


@dataclass
class Findings:
    """What is found while a plan is gone through."""

    violations: list[Fault] = field(default_factory=list)
    lenient: list[Fault] = field(default_factory=list)

    def breaks(self, code: str, where: str, by: float | None = None) -> None:
        """Note a broken rule."""
        self.violations.append(Fault(code, where, None if by is None else round(by, 6)))

    def stretches(self, code: str, where: str, by: float | None = None) -> None:
        """Note what only the publishers' tool would let pass."""
        self.lenient.append(Fault(code, where, None if by is None else round(by, 6)))


def decode(kind: type[File], data: bytes, what: str) -> File:
    """Read JSON as one kind of file, or say which field is wrong."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise Failure(f"{what}: {error}") from error
