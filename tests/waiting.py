"""Waiting for something outside this process: looked at again and again, never slept for."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so; fail when it is not in time."""
    async with asyncio.timeout(seconds):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.02)


async def until_true(look: Callable[[], Awaitable[object]], seconds: float = 30) -> None:
    """Wait until what a look finds is true; fail when it is not in time."""
    async with asyncio.timeout(seconds):
        while True:
            if await look():
                return
            await asyncio.sleep(0.02)
