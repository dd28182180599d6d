"""A reader of an event stream of the app, without a network (httpx would wait for the end)."""

import asyncio
from typing import Any, Self
from urllib.parse import urlsplit

from fastapi import FastAPI


class Reader:
    """Opens a stream and collects its events as {field: value}."""

    def __init__(self, app: FastAPI, token: str, url: str, last: str | None = None) -> None:
        self.app = app
        parts = urlsplit(url)
        headers = [(b"host", b"test.invalid"), (b"authorization", f"Bearer {token}".encode())]
        if last is not None:
            headers.append((b"last-event-id", last.encode()))
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("test.invalid", 80),
        }
        self.status = 0
        self.buffer = self.raw = b""
        self.events: list[dict[str, str]] = []
        self.changed = asyncio.Condition()
        self.gone = asyncio.Event()
        self.ended = False

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self.app(self.scope, self._receive, self._send))
        async with self.changed, asyncio.timeout(5):
            await self.changed.wait_for(lambda: self.raw != b"" or self.ended)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gone.set()
        async with asyncio.timeout(5):
            await self.task

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        async with self.changed:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            else:
                self.buffer += message.get("body", b"")
                self.raw += message.get("body", b"")
                self.ended = not message.get("more_body", False)
            *blocks, self.buffer = self.buffer.split(b"\n\n")
            self.events += [event for block in blocks if (event := _event(block.decode()))]
            self.changed.notify_all()

    async def take(self, count: int, seconds: float = 5) -> list[dict[str, str]]:
        """Wait for `count` events in all and return them."""
        async with self.changed, asyncio.timeout(seconds):
            await self.changed.wait_for(lambda: len(self.events) >= count)
        return self.events

    async def until(self, bytes_: bytes, seconds: float = 5) -> None:
        """Wait until something has come."""
        async with self.changed, asyncio.timeout(seconds):
            await self.changed.wait_for(lambda: bytes_ in self.raw)

    async def end(self, seconds: float = 5) -> None:
        """Wait until the server has ended the stream."""
        async with asyncio.timeout(seconds):
            await self.task


def _event(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in block.splitlines():
        name, _, value = line.partition(":")
        if name:
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name in fields else value
    return {} if set(fields) <= {"retry"} else fields
