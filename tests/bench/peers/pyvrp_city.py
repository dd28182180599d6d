"""PyVRP on a city's day.

`python -m tests.bench.peers.pyvrp_city FILE SECONDS SEED` writes a plan to standard output.
"""

import sys
from pathlib import Path

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from tests.bench.peers.day import UNSERVED, Day, kind_of, read

FAR = 10_000_000


def stated(day: Day) -> pyvrp.ProblemData:
    """State a day: a profile for each kind of caregiver, on which who may not be visited is far away."""
    offices = len(day.offices)
    locations = [pyvrp.Location(0, 0) for _ in range(len(day.legs))]
    clients = [
        pyvrp.Client(
            offices + nth,
            service_duration=int(one["dur"]),
            tw_early=int(one["tw"][0]),
            tw_late=int(one["tw"][1]),
            prize=UNSERVED,
            required=False,
        )
        for nth, one in enumerate(day.visits)
    ]
    kinds = day.kinds()
    vehicles = [
        pyvrp.VehicleType(
            1,
            start_depot=one["office"],
            end_depot=one["office"],
            tw_early=int(one["shift"][0]),
            tw_late=int(one["shift"][1]),
            profile=kinds.index(kind_of(one)),
        )
        for one in day.care
    ]
    distances = []
    for kind in kinds:
        legs = day.legs.copy()
        barred = [offices + nth for nth, one in enumerate(day.visits) if not day.may(kind, one)]
        legs[:, barred] = FAR
        legs[barred, :] = FAR
        np.fill_diagonal(legs, 0)
        distances.append(legs)
    depots = [pyvrp.Depot(nth) for nth in range(offices)]
    return pyvrp.ProblemData(locations, clients, depots, vehicles, distances, [day.legs] * len(kinds))


def main(file: str, seconds: str, seed: str) -> None:
    """Solve and write."""
    day = read(Path(file))
    found = pyvrp.solve(stated(day), MaxRuntime(float(seconds)), seed=int(seed), collect_stats=False)
    routes = {}
    for route in found.best.routes():
        offices = len(day.offices)
        stops = [offices + one.idx for one in route.schedule() if one.is_client()]
        routes[route.vehicle_type()] = stops
    sys.stdout.write(day.plan(routes))


if __name__ == "__main__":
    main(*sys.argv[1:])
