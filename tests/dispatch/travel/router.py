"""A router on loopback that answers as OSRM and Amap do: real sockets, no town behind it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from deploy.embedded.postgres import HOST

Pairs = list[tuple[float, float]]
Road = Callable[[tuple[float, float], tuple[float, float]], tuple[float | None, float | None]]


@dataclass
class Router:
    """What it was asked, and how it behaves; `road` gives metres and seconds of (longitude, latitude)."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    road: Road = lambda _here, _there: (3000.0, 600.0)
    status: int = 200
    body: bytes | None = None
    delay: float = 0.0
    lost: int = 0
    """So many questions are answered by 500 before it works."""

    def osrm(self, path: str, query: dict[str, list[str]]) -> Any:
        places = _places(path.rpartition("/")[2], ";")
        here = [places[int(one)] for one in query["sources"][0].split(";")]
        there = [places[int(one)] for one in query["destinations"][0].split(";")]
        legs = [[self.road(one, other) for other in there] for one in here]
        return {
            "code": "Ok",
            "distances": [[leg[0] for leg in row] for row in legs],
            "durations": [[leg[1] for leg in row] for row in legs],
        }

    def amap(self, query: dict[str, list[str]]) -> Any:
        if query["key"] != ["right"]:
            return {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
        there = _places(query["destination"][0], "|")[0]
        results = []
        for nth, here in enumerate(_places(query["origins"][0], "|"), start=1):
            metres, seconds = self.road(here, there)
            told = {"origin_id": str(nth), "dest_id": "1", "distance": str(metres), "duration": str(seconds)}
            results.append(told if metres is not None else {"origin_id": str(nth), "info": "NO_ROADS_NEARBY"})
        return {"status": "1", "info": "OK", "infocode": "10000", "results": results}


def _places(text: str, mark: str) -> Pairs:
    found = []
    for one in text.split(mark):
        lon, lat = one.split(",")
        found.append((float(lon), float(lat)))
    return found


@contextmanager
def router() -> Iterator[Router]:
    """Serve a router."""
    found = Router()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            found.asked.append(self.path)
            time.sleep(found.delay)
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if found.lost > 0:
                found.lost -= 1
                self._answer(500, b"")
                return
            body = found.body
            if body is None:
                is_osrm = parts.path.startswith("/table/v1/")
                body = json.dumps(found.osrm(parts.path, query) if is_osrm else found.amap(query)).encode()
            self._answer(found.status, body)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.url = f"http://{HOST}:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
