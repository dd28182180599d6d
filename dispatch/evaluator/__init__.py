"""Prices plans from the published files alone, slowly and plainly; shares no code with the search."""

from collections.abc import Callable

from dispatch.evaluator import city, day, hhcrsp, uhhc
from dispatch.evaluator.report import Report

EVALUATORS: dict[str, Callable[[bytes, bytes], Report]] = {
    "hhcrsp": hhcrsp.evaluate,
    "uhhc": uhhc.evaluate,
    "city": city.evaluate,
    "day": day.evaluate,
}
