"""`make chaos`: the account as JSON on stdout; with CHAOS_CERTIFICATE=FILE the page of the manual too.

CHAOS_KILLS, CHAOS_SEED, CHAOS_RATE, CHAOS_BETWEEN, CHAOS_AWAY … say how much (tests/chaos/run.py).
"""

import asyncio
import json
import logging
import os
import sys
from pathlib import Path

from core import log
from core.errors import Failure
from tests.chaos.run import Plan, run
from tests.chaos.theatre import note


async def main() -> int:
    """Play, tell, and fail when anything is lost."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    log.configure("error", "chaos")  # what the harness itself meets on the way is no news
    try:
        found = await run(Plan())
    except Exception as error:
        note(f"the run itself failed: {error!r}")
        raise
    sys.stdout.write(json.dumps(found.json(), indent=1) + "\n")
    if where := os.environ.get("CHAOS_CERTIFICATE"):
        Path(where).write_text(found.markdown(), encoding="utf-8")  # noqa: ASYNC240 - everything is over
    return 0 if found.is_whole else 1


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except Failure as error:
        sys.exit(str(error))
