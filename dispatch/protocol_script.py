"""Scripted questions: what is asked next, how grave the case is after the answers, what to do; pure.

A script is data: questions (nodes) in two languages, a first question by alarm type, and for each answer what
follows: another question, a severity, advice, words to say. It is read and judged in `protocol_reading`. The
last answer that names a severity gives it; advice of all answers counts, danger to life first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

Kind = Literal["yes_no", "choice", "number", "text"]
Words = Mapping[str, str]
DEFAULT = "default"
LANGUAGES = ("zh_CN", "en")
KINDS = ("yes_no", "choice", "number", "text")
ADVICE = (
    "call_120",
    "call_119",
    "call_110",
    "stay_on_line",
    "send",
    "call_elder",
    "call_family",
    "call_neighbour",
    "call_building",
    "watch_location",
    "look_again",
    "technician",
    "tell_family",
    "close_reassured",
    "close_false_alarm",
)
"""What an answer may advise, the most urgent first: danger to life stands before everything else."""
LONGEST_TEXT = 500
FIGURES = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer and what follows; `below` bounds a number from above (None: the rest)."""

    code: str
    names: Words
    severity: int | None = None
    next: str | None = None
    advise: tuple[str, ...] = ()
    says: Words = field(default_factory=dict)
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A question."""

    code: str
    kind: Kind
    asks: Words
    answers: tuple[Answer, ...]
    hint: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """Questions by code, and the first question by alarm type; `default` serves the other care alarms."""

    start: Mapping[str, str]
    nodes: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Step:
    """A question that has been answered."""

    node: Node
    value: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the answers lead: the path so far, what is asked now (None: all is asked), what follows."""

    path: tuple[Step, ...]
    question: Node | None
    severity: int | None
    advice: tuple[str, ...]

    @property
    def says(self) -> Words:
        """Return what is to be said now: the last answer's words."""
        return self.path[-1].answer.says if self.path else {}

    @property
    def asked(self) -> frozenset[str]:
        """Return the questions that may be answered now: those of the path, and the open one."""
        open_ = {self.question.code} if self.question else set()
        return frozenset({step.node.code for step in self.path} | open_)


class BadAnswer(ValueError):  # noqa: N818 - it is the answer that is bad
    """A value that does not answer a question; `code`: unknown, number, empty, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def first(script: Script, alarm_type: str, *, is_care: bool = True) -> str | None:
    """Return the first question of an alarm type, or None: nothing is scripted for it.

    `default` is asked of care alarms only: nobody is rung up about a battery as about a fall.
    """
    return script.start.get(alarm_type) or (script.start.get(DEFAULT) if is_care else None)


def walk(script: Script, start: str | None, answers: Mapping[str, str]) -> Walk:
    """Follow the answers {node: value} from the first question; a value that fits no longer is asked anew."""
    path: list[Step] = []
    question = script.nodes.get(start) if start else None
    while question is not None and question.code in answers and len(path) < len(script.nodes):
        try:
            answer = meant(question, answers[question.code])
        except BadAnswer:
            break
        path.append(Step(question, answers[question.code], answer))
        question = script.nodes.get(answer.next) if answer.next else None
    severities = [step.answer.severity for step in path if step.answer.severity is not None]
    advised = {code for step in path for code in step.answer.advise}
    advice = tuple(code for code in ADVICE if code in advised)
    return Walk(tuple(path), question, severities[-1] if severities else None, advice)


def meant(node: Node, value: str) -> Answer:
    """Return the answer that a value is, or raise BadAnswer."""
    if node.kind == "text":
        if not value.strip():
            raise BadAnswer("empty")
        if len(value) > LONGEST_TEXT:
            raise BadAnswer("too_long")
        return node.answers[0]
    if node.kind == "number":
        return _range(node, _number(value))
    for answer in node.answers:
        if answer.code == value:
            return answer
    raise BadAnswer("unknown")


def normal(node: Node, value: str) -> str:
    """Return a value as it is kept; raise BadAnswer when it is no answer of this question."""
    kept = value.strip()
    if node.kind == "number":
        kept = f"{_number(kept):f}"
    meant(node, kept)
    return kept


def _range(node: Node, value: Decimal) -> Answer:
    return next(one for one in node.answers if one.below is None or value < one.below)


def _number(value: str) -> Decimal:
    try:
        found = Decimal(value.strip())
    except InvalidOperation as error:
        raise BadAnswer("number") from error
    if not found.is_finite() or abs(found.adjusted()) > FIGURES or len(found.as_tuple().digits) > FIGURES:
        raise BadAnswer("number")
    return found
