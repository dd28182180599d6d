"""What Mosquitto does when nobody has told it better: this test would have caught it."""

import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy import broker_limits
from deploy.embedded import child
from deploy.embedded.postgres import HOST, free_port, is_free
from deploy.mosquitto import files
from tests.brokers import IS_MOSQUITTO
from tests.waiting import until

pytestmark = pytest.mark.skipif(not IS_MOSQUITTO, reason="needs Debian's Mosquitto (lane of .ci/run)")
_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin"


def access(folder: Path) -> None:
    """Write files that know the gateway and nobody else."""
    (folder / "services").write_text(files.service_passwords({"gateway": "pw"}, "canary"))
    (folder / "passwords").write_text(files.passwords([]))
    (folder / "acl").write_text(files.topics([]))


@asynccontextmanager
async def running(folder: Path, config: Callable[[int], str]) -> AsyncIterator[str]:
    """Run a Mosquitto with a configuration; yield its URL."""
    program, port = shutil.which("mosquitto", path=_PATH), free_port()
    assert program, "mosquitto is not installed: apt install mosquitto"
    access(folder)
    (folder / "limits.conf").write_text(config(port))
    with (folder / "limits.log").open("wb") as log:
        process = child.start([program, "-c", str(folder / "limits.conf")], log=log)
    try:
        await until(lambda: not is_free(port))
        yield f"mqtt://gateway:pw@{HOST}:{port}"
    finally:
        await child.stop(process, signal.SIGTERM, 5)


async def test_mosquittos_default_loses_what_waits_beyond_a_thousand(tmp_path: Path) -> None:
    def default(port: int) -> str:
        return f"listener {port} {HOST}\nuser root\nallow_anonymous true\n"

    async with running(tmp_path, default) as url:
        assert await broker_limits.probe(url) < broker_limits.PROBES


async def test_our_configuration_gives_everything_back(tmp_path: Path) -> None:
    def ours(port: int) -> str:
        return files.local_config(tmp_path, free_port(), port, "root")

    async with running(tmp_path, ours) as url:
        assert await broker_limits.probe(url, 5_000) == 5_000
