"""Notices: who is told what by push, SMS or voice, as rows; ticks try to reach them until they answer.

Whoever wants somebody told calls `tell` in the own transaction; nothing is sent there. `ticks` makes tries,
sends them outside any transaction, and takes over what a dead process left.
"""

from dispatch.notices.telling import Recipient, seal, tell, void

__all__ = ("Recipient", "seal", "tell", "void")
