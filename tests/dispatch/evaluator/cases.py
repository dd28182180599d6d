"""Small days in the published formats, written by hand; tests change one thing at a time."""

import copy
import json
from pathlib import Path
from typing import Any

PLANS = Path(__file__).parents[2] / "data" / "plans"
Json = dict[str, Any]

HHCRSP: Json = {
    "patients": [
        {"id": "p1", "time_window": [10, 20], "required_caregivers": [{"service": "s1", "duration": 5}]},
        {
            "id": "p2",
            "time_window": [0, 30],
            "required_caregivers": [{"service": "s1", "duration": 5}, {"service": "s2"}],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "p3",
            "time_window": [0, 50],
            "required_caregivers": [{"service": "s1", "duration": 5}, {"service": "s2", "duration": 5}],
            "synchronization": {"type": "sequential", "distance": [5, 10]},
        },
    ],
    "services": [{"id": "s1"}, {"id": "s2", "default_duration": 5}],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s2"]}],
    "central_offices": [{"id": "d"}],
    "distances": [[0, 5, 5, 5], [5, 0, 5, 5], [5, 5, 0, 5], [5, 5, 5, 0]],
}
HHCRSP_PLAN: Json = {
    "routes": [
        {
            "caregiver_id": "c1",
            "locations": [
                {"patient": "p1", "service": "s1", "arrival_time": 10, "departure_time": 15},
                {"patient": "p2", "service": "s1", "arrival_time": 20, "departure_time": 25},
                {"patient": "p3", "service": "s1", "arrival_time": 30, "departure_time": 35},
            ],
        },
        {
            "caregiver_id": "c2",
            "locations": [
                {"patient": "p2", "service": "s2", "arrival_time": 20, "departure_time": 25},
                {"patient": "p3", "service": "s2", "arrival_time": 40, "departure_time": 45},
            ],
        },
    ]
}
CITY: Json = {
    "city": "nowhere",
    "offices": [[9.0, 45.0]],
    "visits": [
        {"id": 1, "lon": 9.0, "lat": 45.01, "kind": "meal", "dur": 600, "tw": [30000, 36000], "gender": None},
        {"id": 2, "lon": 9.01, "lat": 45.0, "kind": "bath", "dur": 900, "tw": [31000, 33000], "gender": "F",
         "staff": 2},
    ],
    "care": [
        {"id": 1, "skills": ["meal", "bath"], "gender": "F", "office": 0, "shift": [28800, 43200]},
        {"id": 2, "skills": ["bath"], "gender": "F", "office": 0, "shift": [28800, 43200]},
        {"id": 3, "skills": ["meal"], "gender": "M", "office": 0, "shift": [28800, 43200]},
    ],
}  # fmt: skip
CITY_PLAN: Json = {
    "routes": [
        {"care": 1, "visits": [{"visit": 2, "start": 32000, "end": 32900}]},
        {"care": "2", "visits": [{"visit": "2", "start": 32000, "end": 32900}]},
        {"care": 3, "visits": [{"visit": 1, "start": 34000, "end": 34600}]},
    ],
    "unserved": [],
}


def changed(case: Json, *steps: tuple[tuple[str | int, ...], Any]) -> bytes:
    """Return a case as a file after values at paths were replaced."""
    found = copy.deepcopy(case)
    for path, value in steps:
        at: Any = found
        for step in path[:-1]:
            at = at[step]
        if value is None and isinstance(at, dict) and path[-1] in at:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return json.dumps(found).encode()


def published(name: str) -> tuple[bytes, bytes]:
    """Return an instance of `tests/data/plans` and its plan."""
    return (PLANS / f"{name}.json").read_bytes(), (PLANS / f"{name}.solution.json").read_bytes()
