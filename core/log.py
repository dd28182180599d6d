"""Structured logs: one JSON line an event, a stable `event` name, never a person's data."""

import logging
import sys

import structlog

Log = structlog.stdlib.BoundLogger
_TRACES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
"""Tracebacks without local variables: those hold people's data."""


def configure(level: str, role: str) -> None:
    """Set up logging of a process to standard output."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stdout, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_TRACES),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)


def get() -> Log:
    """Return the logger."""
    logger: Log = structlog.get_logger()
    return logger
