"""The lives of a case and of a visit, as tables: which verb leads from which states to which.

The tables are data, published by `rows`; `python -m dispatch.states` writes docs/manual/states.md.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Conflict


@dataclass(frozen=True)
class Step:
    """What a verb asks for and where it leads; `to` is None when the state stays as it is."""

    phrase: str
    sources: frozenset[str]
    to: str | None


Table = Mapping[str, Step]


def _step(phrase: str, sources: str, to: str | None) -> Step:
    return Step(phrase, frozenset(sources.split()), to)


CASE_STATES = (
    "raised",
    "claimed",
    "verified",
    "dispatched",
    "on_scene",
    "resolved",
    "closed",
    "shelved",
    "returned",
    "out_of_service",
)
CASE: Table = {
    "join": _step(
        "join an alarm to", "raised claimed verified dispatched on_scene shelved out_of_service", None
    ),
    "rejoin": _step("join an alarm to", "returned", "raised"),
    "claim": _step("claim", "raised returned", "claimed"),
    "call": _step("record a call for", "claimed verified dispatched on_scene resolved", None),
    "note": _step("add a note to", " ".join(CASE_STATES), None),
    "verify": _step("verify", "claimed", "verified"),
    "dispatch": _step("send somebody to", "claimed verified", "dispatched"),
    "recall": _step("recall whom was sent to", "dispatched", "verified"),
    "arrive": _step("arrive at", "dispatched", "on_scene"),
    "resolve": _step("resolve", "claimed verified dispatched on_scene", "resolved"),
    "shelve": _step("shelve", "raised claimed verified returned", "shelved"),
    "unshelve": _step("unshelve", "shelved", "raised"),
    "return": _step("mark as returned to normal", "raised", "returned"),
    "take_out": _step("take out of service", "raised claimed verified returned shelved", "out_of_service"),
    "put_back": _step("put back into service", "out_of_service", "raised"),
    "close": _step("close", " ".join(s for s in CASE_STATES if s != "closed"), "closed"),
}

VISIT_STATES = (
    "wanted",
    "offered",
    "accepted",
    "en_route",
    "in_progress",
    "completed",
    "verified",
    "missed",
    "cancelled",
    "reassigned",
)
VISIT: Table = {
    "offer": _step("offer", "wanted", "offered"),
    "pass_on": _step("pass on", "offered", "offered"),
    "grab": _step("take", "wanted", "accepted"),
    "accept": _step("accept", "offered", "accepted"),
    "decline": _step("decline", "offered", "wanted"),
    "en_route": _step("set out for", "accepted", "en_route"),
    "check_in": _step("check in to", "accepted en_route missed", "in_progress"),
    "check_out": _step("check out of", "in_progress", "completed"),
    "verify": _step("verify", "completed", "verified"),
    "confirm": _step("confirm", "completed verified", None),
    "correct": _step("correct", "completed verified", None),
    "miss": _step("mark as missed", "wanted offered accepted en_route", "missed"),
    "cancel": _step("cancel", "wanted offered accepted en_route", "cancelled"),
    "hand_over": _step("give to somebody else", "offered accepted en_route", "offered"),
    "take_back": _step("take back", "offered accepted en_route", "wanted"),
    "retime": _step("move", "offered accepted", None),
    "promise": _step("promise", "offered accepted", None),
    "hold": _step("hold", "wanted offered accepted", "wanted"),
    "free": _step("let plan again", "wanted", None),
    "turn_back": _step("turn back from", "en_route", "accepted"),
    "interrupt": _step("interrupt", "in_progress", "accepted"),
    "reassign": _step("reassign", "offered accepted en_route missed", "reassigned"),
}
LIVE = ("offered", "accepted", "en_route", "in_progress")
"""States in which a visit has somebody who may be counted on."""


def after(table: Table, noun: str, verb: str, state: str) -> str:
    """Return the state that `verb` leads to, or raise Conflict naming state and verb."""
    step = table[verb]
    if state not in step.sources:
        raise Conflict(
            f"cannot {step.phrase} a {noun} that is {state}", code="wrong_state", state=state, verb=verb
        )
    return step.to or state


def rows(table: Table) -> list[dict[str, object]]:
    """Return the table as data: one row per verb, with its sources and where it leads."""
    return [{"verb": verb, "from": sorted(step.sources), "to": step.to} for verb, step in table.items()]


def markdown() -> str:
    """Return both lives as a page of the manual."""
    return "\n".join([_HEAD, *_life("A case", CASE, CASE_STATES), *_life("A visit", VISIT, VISIT_STATES)])


_HEAD = """# Life of a case and of a visit

Written by `python -m dispatch.states > docs/manual/states.md` from the tables that the program itself
obeys; a test compares. A verb in a state that is not listed for it answers 409 with `code`, `state` and
`verb`. The words that people read for these codes are in the catalogues (`dashboards/locale`).
"""


def _life(title: str, table: Table, states: tuple[str, ...]) -> list[str]:
    order = {state: place for place, state in enumerate(states)}
    lines = [f"## {title}", "", f"States: {', '.join(f'`{state}`' for state in states)}.", ""]
    lines += ["| verb | possible while it is | leads to |", "| --- | --- | --- |"]
    for verb, step in table.items():
        sources = ", ".join(f"`{state}`" for state in sorted(step.sources, key=order.__getitem__))
        lines.append(f"| `{verb}` | {sources} | {f'`{step.to}`' if step.to else 'stays as it is'} |")
    return [*lines, ""]


if __name__ == "__main__":
    sys.stdout.write(markdown())
