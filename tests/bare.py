"""The environment of a fresh machine, for the programs that tests start."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(**more: str) -> dict[str, str]:
    """Return a bare environment; a run that measures coverage is measured in its children too."""
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **measured, **more}
