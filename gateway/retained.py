"""What brokers retain, for gateways that share their work: a shared subscription is not told it.

Hubs say once what their devices are called and mean, retained. A gateway that shares listens at its start
for a moment without the share, as a client that leaves nothing behind, and takes what is retained.
"""

import asyncio

from core import log
from core.errors import Failure
from devices import codecs
from devices.mqtt import LOST, Link
from gateway.listener import Gateway, Listener

_RETRY_S, _QUIET_S, _LONGEST_S = 5.0, 3.0, 120.0
_MOST = 500
_BELOW = {"home_assistant": "#", "zigbee2mqtt": "bridge/#", "tasmota": "tasmota/discovery/#"}
"""Where ecosystems say such things, below `eco/{hub}/{ecosystem}/`."""
FILTERS = tuple(
    f"eco/+/{name}/{below}"
    for ecosystem, below in _BELOW.items()
    for name in sorted({ecosystem, *(alias for alias, own in codecs.ALIASES.items() if own == ecosystem)})
)


async def recall(gateway: Gateway, listener: Listener) -> None:
    """Hear once what is retained, however long the broker is away."""
    while True:
        try:
            async with Link(gateway.url, f"{gateway.name}-retained") as link:
                reading = asyncio.create_task(_read(link, listener))
                try:
                    await link.subscribe(FILTERS)
                    count = await reading
                finally:
                    reading.cancel()
        except (*LOST, Failure) as error:
            log.get().warning("gateway.retained_away", error=str(error))
        else:
            log.get().info("gateway.retained_heard", count=count)
            return
        await asyncio.sleep(_RETRY_S)


async def _read(link: Link, listener: Listener) -> int:
    """Take what is retained until no more of it comes; return how many."""
    loop = asyncio.get_running_loop()
    count, began = 0, loop.time()
    last = began
    while loop.time() < min(last + _QUIET_S, began + _LONGEST_S):
        try:
            async with asyncio.timeout(_QUIET_S):
                messages = await link.take(_MOST)
        except TimeoutError:
            break
        kept = [one for one in messages if one.retain]
        if kept:
            await listener.take(kept, link)
            count, last = count + len(kept), loop.time()
        link.acknowledge(messages)
    return count
