"""A city's day as a peer needs it: whole seconds, and who may visit whom. Runs in the peers' environment."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNSERVED = 10_000
"""What a visit that nobody makes costs, in seconds of travel: as our own search and the evaluator have it."""


@dataclass
class Day:
    """A city's day; places are the offices and then the visits."""

    offices: list[Any]
    visits: list[dict[str, Any]]
    care: list[dict[str, Any]]
    legs: NDArray[np.int64]

    def kinds(self) -> list[tuple[tuple[str, ...], str | None]]:
        """Return the different kinds of caregivers: skills and gender."""
        return sorted({kind_of(one) for one in self.care}, key=str)

    def may(self, kind: tuple[tuple[str, ...], str | None], visit: dict[str, Any]) -> bool:
        """Return whether a kind of caregiver may make a visit."""
        return visit["kind"] in kind[0] and visit.get("gender") in {None, kind[1]}

    def plan(self, routes: dict[int, list[int]]) -> str:
        """Return a plan as JSON from the places that each caregiver (by number) goes to, in order."""
        found = []
        for who, stops in routes.items():
            free, here, told = self.care[who]["shift"][0], self.care[who]["office"], []
            for stop in stops:
                visit = self.visits[stop - len(self.offices)]
                start = max(free + int(self.legs[here, stop]), visit["tw"][0])
                free, here = start + visit["dur"], stop
                told.append({"visit": visit["id"], "start": int(start), "end": int(free)})
            found.append({"care": self.care[who]["id"], "visits": told})
        return json.dumps({"routes": found})


def kind_of(one: dict[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """Return what a caregiver may do, and their gender."""
    return tuple(sorted(one["skills"])), one.get("gender")


def read(path: Path) -> Day:
    """Read a day."""
    data = path.read_bytes()
    file = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    places = [*file["offices"], *((one["lon"], one["lat"]) for one in file["visits"])]
    lon, lat = np.radians(np.array(places, dtype=np.float64)).T
    north, east = (lat[:, None] - lat) / 2, (lon[:, None] - lon) / 2
    chord = np.sin(north) ** 2 + np.cos(lat[:, None]) * np.cos(lat) * np.sin(east) ** 2
    km = 2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    legs = np.ceil(km * 1.35 / 25 * 3600 + 120).astype(np.int64)
    np.fill_diagonal(legs, 0)
    return Day(file["offices"], file["visits"], file["care"], legs)
