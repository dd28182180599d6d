"""Waiting for something outside this process: looked at again and again, never slept for."""

import asyncio
from collections.abc import Callable


async def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so; fail when it is not in time."""
    async with asyncio.timeout(seconds):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.02)
