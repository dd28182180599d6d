"""A statement's states and who may move it (pure).

draft -check-> checked -confirm-> confirmed -approve-> approved -issue-> issued -reconcile-> reconciled
checked -dispute-> disputed -(every dispute answered)-> checked

Nothing goes back to draft, nothing changes once it is issued. Two-person rule: who approves has neither
checked nor confirmed the statement nor made a line of it.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

FLOW: Mapping[str, tuple[str, str]] = {
    "check": ("draft", "checked"),
    "confirm": ("checked", "confirmed"),
    "dispute": ("checked", "disputed"),
    "answer": ("disputed", "checked"),
    "approve": ("confirmed", "approved"),
    "issue": ("approved", "issued"),
    "reconcile": ("issued", "reconciled"),
}
"""Verb: from which state to which."""
DECIDABLE = ("checked", "disputed")
"""States in which claims may be rejected, adjusted, approved one by one."""
ISSUED = ("issued", "reconciled")


def refusal(verb: str, state: str, hands: Collection[UUID | None], account: UUID) -> str | None:
    """Return why a person may not move a statement: `wrong_state`, `reopened`, `same_person`; None: they may.

    `hands` are those who have checked, confirmed, or made a line.
    """
    wanted, _ = FLOW[verb]
    if state != wanted:
        return "reopened" if verb == "check" and state in ISSUED else "wrong_state"
    if verb == "approve" and account in hands:
        return "same_person"
    return None


def may_decide(state: str) -> bool:
    """Say whether claims of a statement may still be decided one by one."""
    return state in DECIDABLE


def verbs(state: str) -> tuple[str, ...]:
    """Return what may be done to a statement in a state, in order."""
    return tuple(verb for verb, (wanted, _) in FLOW.items() if wanted == state and verb != "answer")
