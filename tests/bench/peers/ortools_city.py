"""OR-Tools routing on a city's day.

`python -m tests.bench.peers.ortools_city FILE SECONDS SEED` writes a plan.
"""

import sys
from pathlib import Path
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from tests.bench.peers.day import UNSERVED, Day, kind_of, read

DAY_SECONDS = 86_400


def stated(day: Day) -> tuple[pywrapcp.RoutingIndexManager, pywrapcp.RoutingModel]:
    """State a day: hard windows, optional visits; who may visit is a domain of the vehicle variable."""
    offices = [one["office"] for one in day.care]
    manager = pywrapcp.RoutingIndexManager(len(day.legs), len(day.care), offices, offices)
    routing = pywrapcp.RoutingModel(manager)
    durations = [0] * len(day.offices) + [int(one["dur"]) for one in day.visits]
    travel = routing.RegisterTransitMatrix(day.legs.tolist())
    whole = routing.RegisterTransitMatrix((day.legs + [[took] for took in durations]).tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(travel)
    routing.AddDimension(whole, DAY_SECONDS, DAY_SECONDS, False, "time")
    time = routing.GetDimensionOrDie("time")
    for nth, one in enumerate(day.care):
        start, end = (int(moment) for moment in one["shift"])
        time.CumulVar(routing.Start(nth)).SetRange(start, end)
        time.CumulVar(routing.End(nth)).SetRange(start, end)
    able = {kind: [nth for nth, one in enumerate(day.care) if kind_of(one) == kind] for kind in day.kinds()}
    for place, one in enumerate(day.visits, start=len(day.offices)):
        spot = manager.NodeToIndex(place)
        time.CumulVar(spot).SetRange(int(one["tw"][0]), int(one["tw"][1]))
        routing.AddDisjunction([spot], UNSERVED)
        who = [nth for kind, some in able.items() if day.may(kind, one) for nth in some]
        routing.VehicleVar(spot).SetValues([-1, *who])
    return manager, routing


def main(file: str, seconds: str, _seed: str) -> None:
    """Solve and write."""
    day = read(Path(file))
    manager, routing = stated(day)
    found = routing.SolveWithParameters(parameters(float(seconds)))
    routes = {nth: _stops(manager, routing, found, nth) for nth in range(len(day.care))} if found else {}
    sys.stdout.write(day.plan(routes))


def parameters(seconds: float) -> Any:
    """Return the settings that its documentation recommends for time-bound search."""
    found = pywrapcp.DefaultRoutingSearchParameters()
    found.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    found.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    found.time_limit.FromMilliseconds(int(seconds * 1000))
    return found


def _stops(manager: Any, routing: Any, found: Any, nth: int) -> list[int]:
    spot, stops = routing.Start(nth), []
    while not routing.IsEnd(spot):
        spot = found.Value(routing.NextVar(spot))
        if not routing.IsEnd(spot):
            stops.append(manager.IndexToNode(spot))
    return stops


if __name__ == "__main__":
    main(*sys.argv[1:])
