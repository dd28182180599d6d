"""The desk phone: no carrier at all. The operator dials, and says with one key what came of it."""

from dispatch.telephony.carriers import Capability

NAME = "desk"
CAPABILITIES: frozenset[Capability] = frozenset()
RESULTS = ("answered", "no_answer", "busy", "refused", "wrong_number", "callback")
"""What the six keys say, in their order; `dispatch.cases.CALL_RESULTS` are the same (tested)."""
STATES = {"answered": "ended", "busy": "busy", "refused": "ended", "callback": "ended"}
"""How such a call ended, as of a carrier's; nobody reached is the rest."""


def state_of(result: str) -> str:
    """Return the state of a call that an operator has reported."""
    return STATES.get(result, "no_answer")
