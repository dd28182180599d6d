"""`python -m tests.fuzz [--count N] [--seed N] [ECOSYSTEM …]`: the whole of it; one JSON line per codec."""

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.fuzz import check, seeds


def main() -> None:
    """Mutate, decode, check; fail at the first broken promise."""
    parser = argparse.ArgumentParser(description="Mutated messages through every codec.")
    parser.add_argument("ecosystems", nargs="*", default=None)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    wanted = given.ecosystems or sorted(seeds.by_ecosystem())
    with ProcessPoolExecutor(given.jobs) as pool:
        futures = [pool.submit(_one, name, given.count, given.seed) for name in wanted]
        for future in futures:
            sys.stdout.write(json.dumps(future.result(), sort_keys=True) + "\n")
            sys.stdout.flush()


def _one(name: str, count: int, seed: int) -> dict[str, object]:
    began = time.perf_counter()
    tally = check.run(name, count, seed)
    took = time.perf_counter() - began
    return {
        "fuzz": name,
        "messages": count,
        "seconds": round(took, 1),
        "slowest_ms": round(tally.slowest_s * 1000, 1),
        "kinds": dict(tally.kinds),
        "rejected": sum(tally.reasons.values()),
    }


if __name__ == "__main__":
    main()
