"""Reading a script from TOML, and what is wrong with it line by line: loops, dead ends, languages; pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from devices import thing_models
from dispatch.protocol_script import ADVICE, DEFAULT, KINDS, LANGUAGES, Answer, Kind, Node, Script

MOST_ANSWERS = 9
"""One digit key an answer."""
LARGEST = 200_000
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NODE_KEYS = {"kind", "answers", "yes", "no", "next", "severity", "advise", "says", "hint", *LANGUAGES}
_ANSWER_KEYS = {"code", "next", "severity", "advise", "says", "below", *LANGUAGES}
_BY_KIND = {"yes_no": {"yes", "no"}, "choice": {"answers"}, "number": {"answers"}, "text": set[str]()}
_HERE = {"next", "severity", "advise", "says"}
"""What a question for a text, which has one answer, says of it."""
INCIDENTS = ("power_cut", "network_cut")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake: its code, its line (from 1; None: the whole text), the question, what it is about."""

    code: str
    line: int | None = None
    node: str | None = None
    what: str | None = None


def read(text: str) -> tuple[Script | None, list[Wrong]]:
    """Return the script, and everything that is wrong with it in the order of lines; None with mistakes."""
    if len(text) > LARGEST:
        return None, [Wrong("too_long")]
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = _AT.search(str(error))
        return None, [Wrong("no_toml", int(at[1]) if at else text.count("\n") + 1)]
    wrong = list(_shape(raw))
    script = None if wrong else _script(raw)
    if script is not None:
        wrong = list(_sense(script))
    lines = _Lines(text)
    placed = [lines.place(one) for one in wrong]
    return (None if placed else script), sorted(placed, key=lambda one: one.line or 0)


class _Lines:
    """Where questions and their answers stand."""

    def __init__(self, text: str) -> None:
        self.rows = text.splitlines()

    def place(self, wrong: Wrong) -> Wrong:
        head = rf"\s*\[\[?\s*node\.{re.escape(wrong.node)}\b" if wrong.node else r"\s*\[start\]"
        start = self._after(0, head)
        if start is None or wrong.what is None:
            return Wrong(wrong.code, start, wrong.node, wrong.what)
        name = re.escape(wrong.what)
        named = self._after(start, rf"\s*(?:code\s*=\s*\"{name}\"|{name}\s*=)", within=wrong.node)
        inside = named or self._after(start, rf".*\b{name}\b", within=wrong.node)
        return Wrong(wrong.code, inside or start, wrong.node, wrong.what)

    def _after(self, start: int, pattern: str, within: str | None = None) -> int | None:
        for number in range(start, len(self.rows)):
            row = self.rows[number]
            if start and row.lstrip().startswith("[") and f"node.{within}" not in row:
                return None
            if re.match(pattern, row):
                return number + 1
        return None


def _shape(raw: Mapping[str, Any]) -> Iterator[Wrong]:
    """Find what is not even a script: wrong kinds of values, keys that nobody knows."""
    yield from (Wrong("unknown_key", what=str(key)) for key in raw if key not in {"start", "node"})
    start, nodes = raw.get("start"), raw.get("node")
    if not isinstance(start, dict) or not all(isinstance(one, str) for one in start.values()):
        yield Wrong("no_start")
    if not isinstance(nodes, dict) or not nodes or not all(isinstance(one, dict) for one in nodes.values()):
        yield Wrong("no_questions")
        return
    for code, node in nodes.items():
        yield from _shape_of_node(code, node)


def _shape_of_node(code: str, node: Mapping[str, Any]) -> Iterator[Wrong]:
    if not _CODE.fullmatch(code):
        yield Wrong("bad_code", node=code)
        return
    kind = node.get("kind")
    if kind not in KINDS:
        yield Wrong("unknown_kind", node=code, what="kind" if "kind" in node else None)
        return
    allowed = (
        (_NODE_KEYS - {"yes", "no", "answers", *_HERE})
        | _BY_KIND[kind]
        | (_HERE if kind == "text" else set())
    )
    yield from (Wrong("unknown_key", node=code, what=str(key)) for key in node if key not in allowed)
    yield from _words(code, node, [node["hint"]] if "hint" in node else [])
    if kind == "text":
        yield from _shape_of_answer(code, {key: node[key] for key in _HERE if key in node}, None)
        return
    answers = _raw_answers(kind, node)
    if answers is None:
        yield Wrong("no_answers", node=code)
        return
    for nth, (name, answer) in enumerate(answers):
        if kind == "yes_no":
            yield from _shape_of_answer(code, answer, name)
        else:
            yield from _listed(code, kind, answer, nth == len(answers) - 1)


def _raw_answers(kind: str, node: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]] | None:
    """Return (code, answer) in order, or None: there are none, or they are none."""
    if kind == "yes_no":
        pair = [(name, node.get(name)) for name in ("yes", "no")]
        return cast("Any", pair) if all(isinstance(one, dict) for _, one in pair) else None
    found = node.get("answers")
    if not isinstance(found, list) or not 2 <= len(found) <= MOST_ANSWERS:  # noqa: PLR2004 - one is no question
        return None
    if not all(isinstance(one, dict) for one in found):
        return None
    return [(str(one.get("code", "")), one) for one in found]


def _listed(code: str, kind: str, answer: Mapping[str, Any], is_last: bool) -> Iterator[Wrong]:  # noqa: FBT001 - a fact of the place
    name = answer.get("code")
    if not isinstance(name, str) or not _CODE.fullmatch(name):
        yield Wrong("bad_answer_code", node=code)
        return
    yield from _words(code, answer, [], name)
    yield from _shape_of_answer(code, answer, name)
    bound = answer.get("below")
    is_number = isinstance(bound, int | float) and not isinstance(bound, bool)
    if kind == "number" and (bound is not None if is_last else not is_number):
        yield Wrong("bad_range", node=code, what=name)
    if kind == "choice" and bound is not None:
        yield Wrong("unknown_key", node=code, what="below")


def _shape_of_answer(code: str, answer: Mapping[str, Any], name: str | None) -> Iterator[Wrong]:
    yield from (Wrong("unknown_key", node=code, what=str(key)) for key in answer if key not in _ANSWER_KEYS)
    severity = answer.get("severity")
    if severity is not None and (type(severity) is not int or severity not in range(1, 6)):
        yield Wrong("bad_severity", node=code, what=name)
    if not isinstance(answer.get("next", ""), str):
        yield Wrong("unknown_next", node=code, what=name)
    advise = answer.get("advise", [])
    if not isinstance(advise, list) or any(one not in ADVICE for one in advise):
        yield Wrong("unknown_advice", node=code, what=name)
    if "says" in answer:
        yield from _words(code, {}, [answer["says"]], name)


def _words(code: str, own: Mapping[str, Any], others: list[Any], name: str | None = None) -> Iterator[Wrong]:
    """Find a language in which something is not said."""
    for words in ([own] if own else []) + others:
        for language in LANGUAGES:
            said = words.get(language) if isinstance(words, dict) else None
            if not isinstance(said, str) or not said.strip():
                yield Wrong(f"missing_{language.lower()}", node=code, what=name)


def _script(raw: Mapping[str, Any]) -> Script:
    nodes = {code: _node(code, node) for code, node in raw["node"].items()}
    return Script(dict(raw["start"]), nodes)


def _node(code: str, node: Mapping[str, Any]) -> Node:
    kind = cast("Kind", node["kind"])
    listed = [("said", node)] if kind == "text" else _raw_answers(kind, node) or []
    answers = tuple(_answer(name, one) for name, one in listed)
    asks = {language: node[language] for language in LANGUAGES}
    return Node(code, kind, asks, answers, node.get("hint", {}))


def _answer(name: str, one: Mapping[str, Any]) -> Answer:
    below = one.get("below")
    return Answer(
        code=name,
        names={language: one[language] for language in LANGUAGES if language in one},
        severity=one.get("severity"),
        next=one.get("next") or None,
        advise=tuple(one.get("advise", ())),
        says=one.get("says", {}),
        below=None if below is None else Decimal(str(below)),
    )


def _sense(script: Script) -> Iterator[Wrong]:
    """Find what reads well and leads nowhere."""
    if DEFAULT not in script.start:
        yield Wrong("no_default")
    known = {DEFAULT, *INCIDENTS, *thing_models.alarm_types()}
    for alarm_type, code in script.start.items():
        if alarm_type not in known:
            yield Wrong("unknown_alarm", what=alarm_type)
        if code not in script.nodes:
            yield Wrong("unknown_next", what=alarm_type)
    for node in script.nodes.values():
        yield from _ends(script, node)
    yield from _loops(script)
    reached = _reached(script)
    yield from (Wrong("unreachable", node=code) for code in script.nodes if code not in reached)


def _ends(script: Script, node: Node) -> Iterator[Wrong]:
    codes = [answer.code for answer in node.answers]
    bounds = [answer.below for answer in node.answers if answer.below is not None]
    if len(set(codes)) < len(codes):
        yield Wrong("twice", node=node.code, what=next(one for one in codes if codes.count(one) > 1))
    if bounds != sorted(set(bounds)):
        yield Wrong("bad_range", node=node.code)
    for answer in node.answers:
        name = None if node.kind == "text" else answer.code
        if answer.next is not None and answer.next not in script.nodes:
            yield Wrong("unknown_next", node=node.code, what=name)
        if answer.next is None and not answer.advise:
            yield Wrong("dead_end", node=node.code, what=name)


def _followers(script: Script, code: str) -> list[str]:
    node = script.nodes.get(code)
    return [one.next for one in node.answers if one.next and one.next in script.nodes] if node else []


def _reached(script: Script) -> set[str]:
    reached: set[str] = set()
    waiting = list(script.start.values())
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += _followers(script, code)
    return reached


def _loops(script: Script) -> Iterator[Wrong]:
    """Find the questions that lead back to themselves."""
    yield from (Wrong("loop", node=code) for code in script.nodes if code in _from(script, code))


def _from(script: Script, start: str) -> set[str]:
    """Return every question that follows one, at whatever distance."""
    found: set[str] = set()
    waiting = _followers(script, start)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += _followers(script, code)
    return found
