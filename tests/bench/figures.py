"""One figure, as `make bench` prints it (DESIGN §3.1)."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value beside its reference; `ratio` is value over reference."""

    bench: str
    figure: str
    value: float
    unit: str
    reference: float | None = None
    bar: float | None = None
    holds: bool | None = None

    def line(self) -> str:
        """Return one JSON line."""
        ratio = None if not self.reference else round(self.value / self.reference, 3)
        return json.dumps(
            {
                "bench": self.bench,
                "figure": self.figure,
                "value": round(self.value, 3),
                "unit": self.unit,
                "reference": None if self.reference is None else round(self.reference, 3),
                "ratio": ratio,
                "bar": self.bar,
                "holds": self.holds,
            }
        )
