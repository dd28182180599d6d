"""A listener on the API's event feed, over a real connection."""

import asyncio
import json
from typing import Any, Self

import httpx


class Feed:
    """Collects the events of one session in the background as (number, data)."""

    def __init__(self, client: httpx.AsyncClient, last: int | None = None) -> None:
        self.client = client
        self.headers = {"Last-Event-ID": str(last)} if last is not None else {}
        self.events: list[tuple[int, dict[str, Any]]] = []
        self.is_open = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self._listen())
        async with asyncio.timeout(10):
            await self.is_open.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _listen(self) -> None:
        async with self.client.stream("GET", "/api/v1/events", headers=self.headers, timeout=60) as stream:
            assert stream.status_code == 200
            assert stream.headers["content-type"].startswith("text/event-stream")
            number = 0
            async for line in stream.aiter_lines():
                self.is_open.set()
                if line.startswith("id: "):
                    number = int(line[4:])
                elif line.startswith("data: "):
                    self.events.append((number, json.loads(line[6:])))

    def of(self, subject: str) -> list[str]:
        """Return the kinds of what happened to a case or alarm."""
        return [data["kind"] for _, data in self.events if subject in (data["id"], data["case_id"])]
