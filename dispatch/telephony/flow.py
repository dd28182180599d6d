"""An automatic call: what is said at each step, and what a pressed key leads to (pure).

The step stands in the webhook's address, so that a repeated request is answered as the first was: `nth`
counts the prompts, `wrong` the keys that meant nothing. After `MOST` prompts the call ends.
"""

from dataclasses import dataclass
from typing import Literal

AGAIN = "9"
MOST = 5
WRONG_AT_MOST = 2
WAIT_S = 8
"""Seconds in which a key may be pressed after the words."""
RING_S = 40
"""Seconds that a phone rings before nobody has answered."""
_MACHINES = ("machine", "fax")


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a key.

    `answer`: the key is handed on and the call ends with thanks; `wrong` and `again`: the prompt is said
    again as step `nth`; `end`: goodbye.
    """

    what: Literal["answer", "wrong", "again", "end"]
    nth: int = 0
    wrong: int = 0


def is_machine(answered_by: str) -> bool:
    """Say whether a machine picked up (AnsweredBy: human, machine_start, machine_end_beep, fax, unknown)."""
    return answered_by.startswith(_MACHINES)


def after_key(key: str, nth: int, wrong: int) -> Next:
    """Say what a key leads to that was pressed after prompt `nth`, `wrong` wrong ones having gone before."""
    if key in {"1", "2", "3"}:
        return Next("answer")
    if not key or nth >= MOST:
        return Next("end")
    if key == AGAIN:
        return Next("again", nth + 1, wrong)
    if wrong >= WRONG_AT_MOST:
        return Next("end")
    return Next("wrong", nth + 1, wrong + 1)
