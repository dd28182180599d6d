"""Whose fault a failure is: a message's, or that of a database or broker that is away; pure."""

import asyncpg

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
_POISON = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.CardinalityViolationError,
    asyncpg.ProgramLimitExceededError,
    asyncpg.PLPGSQLError,
    asyncpg.InternalServerError,
    ValueError,
)
"""Of the database's own errors, those that a message causes (asyncpg's encoders raise ValueError)."""


def is_poison(error: Exception) -> bool:
    """Say whether a message is wrong, not the database: whatever it breaks, the others go on."""
    return isinstance(error, _POISON) or not isinstance(error, AWAY)
