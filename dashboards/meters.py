"""Figures for Prometheus, served on a loopback port of their own and never on the public one."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meters:
    """One registry per app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "yinling_http_requests",
            "requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "yinling_http_seconds", "time to answer", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self.streams = Gauge("yinling_streams", "open event streams", registry=self.registry)
        self.event = Gauge("yinling_event_number", "number of the last event", registry=self.registry)
