"""OR-Tools routing on an HHCRSP instance.

`python -m tests.bench.peers.ortools_hhcrsp FILE SECONDS SEED` writes a plan.

Times are thousandths; the largest lateness has no counterpart here and only the evaluator prices it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from ortools.constraint_solver import pywrapcp

from tests.bench.peers.ortools_city import parameters

SCALE = 1_000
HORIZON = 5_000_000


class Model:
    """An instance as the library sees it: a node for each service."""

    def __init__(self, file: dict[str, Any]) -> None:
        self.file = file
        self.nodes = [
            (patient, needed, row)
            for row, patient in enumerate(file["patients"], start=1)
            for needed in patient["required_caregivers"]
        ]
        count = len(file["caregivers"])
        self.manager = pywrapcp.RoutingIndexManager(len(self.nodes) + 1, count, 0)
        self.routing = pywrapcp.RoutingModel(self.manager)
        rows = [0, *(row for _, _, row in self.nodes)]
        legs = [[round(file["distances"][a][b] * SCALE) for b in rows] for a in rows]
        took = [0, *(round(needed["duration"] * SCALE) for _, needed, _ in self.nodes)]
        self.routing.SetArcCostEvaluatorOfAllVehicles(self.routing.RegisterTransitMatrix(legs))
        whole = [[leg + took[a] for leg in row] for a, row in enumerate(legs)]
        transit = self.routing.RegisterTransitMatrix(whole)
        self.routing.AddDimension(transit, HORIZON, HORIZON, True, "time")
        self.time = self.routing.GetDimensionOrDie("time")
        self._services()
        self._pairs()

    def _services(self) -> None:
        """Who may give what, from when, and what a late start costs."""
        for place, (patient, needed, _) in enumerate(self.nodes, start=1):
            spot = self.manager.NodeToIndex(place)
            opens, closes = (round(moment * SCALE) for moment in patient["time_window"])
            self.time.CumulVar(spot).SetMin(opens)
            self.time.SetCumulVarSoftUpperBound(spot, closes, 1)
            able = [
                nth
                for nth, one in enumerate(self.file["caregivers"])
                if needed["service"] in one["abilities"]
            ]
            self.routing.VehicleVar(spot).SetValues(able)

    def _pairs(self) -> None:
        """Two services of a patient: two people, at once or within a distance."""
        solver, place = self.routing.solver(), 1
        for patient in self.file["patients"]:
            count = len(patient["required_caregivers"])
            if count == 2:
                first, second = (self.manager.NodeToIndex(place + nth) for nth in (0, 1))
                one, other = self.time.CumulVar(first), self.time.CumulVar(second)
                solver.Add(self.routing.VehicleVar(first) != self.routing.VehicleVar(second))
                how = patient.get("synchronization", {})
                low, high = how.get("distance", (0, 0))
                solver.Add(other - one >= round(low * SCALE))
                solver.Add(other - one <= round(high * SCALE))
            place += count

    def plan(self, found: Any) -> str:
        """Return the plan that was found."""
        routes = []
        for nth, one in enumerate(self.file["caregivers"]):
            spot, stops = self.routing.Start(nth), []
            while not self.routing.IsEnd(spot):
                spot = found.Value(self.routing.NextVar(spot))
                if self.routing.IsEnd(spot):
                    break
                patient, needed, _ = self.nodes[self.manager.IndexToNode(spot) - 1]
                start = found.Min(self.time.CumulVar(spot)) / SCALE
                span = {"arrival_time": start, "departure_time": start + needed["duration"]}
                stops.append({"patient": patient["id"], "service": needed["service"], **span})
            routes.append({"caregiver_id": one["id"], "locations": stops})
        return json.dumps({"routes": routes})


def main(file: str, seconds: str, _seed: str) -> None:
    """Solve and write."""
    model = Model(json.loads(Path(file).read_bytes()))
    found = model.routing.SolveWithParameters(parameters(float(seconds)))
    if found:
        sys.stdout.write(model.plan(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
