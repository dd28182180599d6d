"""VROOM on a city's day.

`python -m tests.bench.peers.vroom_city FILE SECONDS SEED` writes a plan (it has no seed).
"""

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import vroom

from tests.bench.peers.day import Day, read


def stated(day: Day) -> vroom.Input:
    """State a day: a skill is a kind of visit with the gender that it wants."""
    wants = sorted({(one["kind"], one.get("gender") or "") for one in day.visits})
    stated = vroom.Input()
    stated.set_durations_matrix("car", day.legs.astype(np.uint32))
    for nth, one in enumerate(day.care):
        able = {
            place
            for place, (kind, gender) in enumerate(wants)
            if kind in one["skills"] and gender in {"", one.get("gender")}
        }
        window = vroom.TimeWindow(int(one["shift"][0]), int(one["shift"][1]))
        office = one["office"]
        stated.add_vehicle(vroom.Vehicle(nth, start=office, end=office, skills=able, time_window=window))
    for nth, one in enumerate(day.visits):
        stated.add_job(
            vroom.Job(
                nth,
                location=len(day.offices) + nth,
                default_service=int(one["dur"]),
                skills={wants.index((one["kind"], one.get("gender") or ""))},
                time_windows=[vroom.TimeWindow(int(one["tw"][0]), int(one["tw"][1]))],
            )
        )
    return stated


def main(file: str, seconds: str, _seed: str) -> None:
    """Solve and write."""
    day = read(Path(file))
    found = stated(day).solve(5, nb_threads=1, timeout=timedelta(seconds=float(seconds)))
    routes: dict[int, list[int]] = {}
    steps = found.routes
    for vehicle, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            routes.setdefault(int(vehicle), []).append(len(day.offices) + int(job))
    sys.stdout.write(day.plan(routes))


if __name__ == "__main__":
    main(*sys.argv[1:])
