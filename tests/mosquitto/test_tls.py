"""A real Mosquitto behind TLS with an authority of our own."""

import json
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Failure
from deploy import broker_limits, certificates
from deploy.embedded import child
from deploy.embedded.postgres import HOST, free_port, is_free
from deploy.mosquitto import files
from devices.mqtt import LOST, Link
from tests.bench.stage import mosquitto
from tests.brokers import IS_MOSQUITTO
from tests.gateway.worlds import Device, RunningGateway, World
from tests.waiting import until

pytestmark = [
    pytest.mark.skipif(not IS_MOSQUITTO, reason="needs Debian's Mosquitto (lane of .ci/run)"),
    # paho leaves a socket whose handshake failed to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@asynccontextmanager
async def tls(folder: Path, began: datetime, days: int | None = None, more: str = "") -> AsyncIterator[int]:
    """Run a Mosquitto with a certificate that began then; yield its TLS port."""
    certificates.init(folder / "ca", began)
    certificates.issue(folder / "ca", "broker", [HOST], began, days=days)
    (folder / "services").write_text(files.service_passwords({"gateway": "pw"}, "canary"))
    (folder / "passwords").write_text(files.passwords([]))
    (folder / "acl").write_text(files.topics([]))
    port = free_port()
    text = files.local_config(folder, free_port(), free_port(), "root")
    (folder / "tls.conf").write_text(
        text + files.tls_listener(port, folder / "ca", "broker", folder, is_for_devices=False) + more
    )
    with (folder / "tls.log").open("wb") as log:
        process = child.start([mosquitto(), "-c", str(folder / "tls.conf")], log=log)
    try:
        await until(lambda: not is_free(port))
        yield port
    finally:
        await child.stop(process, signal.SIGTERM, 5)


def _url(port: int, ca: Path, more: str = "") -> str:
    return f"mqtts://gateway:pw@{HOST}:{port}?ca={ca}{more}"


async def _comes_in(url: str) -> None:
    async with Link(url, "gateway-test") as link:
        await link.subscribe(["yl/v1/x/receipt"], seconds=5)
        await link.publish("yl/v1/x/receipt", bytes(200_000))
        (one,) = await link.take(10)
        assert len(one.payload) == 200_000
        link.acknowledge([one])


async def test_who_trusts_our_authority_comes_in_and_nobody_else(tmp_path: Path) -> None:
    certificates.init(tmp_path / "other", datetime.now(UTC))
    async with tls(tmp_path, datetime.now(UTC)) as port:
        await _comes_in(_url(port, tmp_path / "ca" / "ca.pem"))
        assert await broker_limits.probe(_url(port, tmp_path / "ca" / "ca.pem"), 3_000) == 3_000
        for stranger in (f"?ca={tmp_path / 'other' / 'ca.pem'}", ""):
            with pytest.raises((*LOST, ssl.SSLError), match="CERTIFICATE_VERIFY_FAILED"):
                await _comes_in(f"mqtts://gateway:pw@{HOST}:{port}{stranger}")


async def test_a_certificate_that_has_ended_is_refused(tmp_path: Path) -> None:
    async with tls(tmp_path, datetime.now(UTC) - timedelta(days=3), days=1) as port:
        with pytest.raises((*LOST, ssl.SSLError), match="expired"):
            await _comes_in(_url(port, tmp_path / "ca" / "ca.pem"))


async def test_a_broker_may_ask_for_a_certificate_of_the_client(tmp_path: Path) -> None:
    async with tls(tmp_path, datetime.now(UTC), more="require_certificate true\n") as port:
        ca = tmp_path / "ca"
        with pytest.raises((*LOST, Failure, ssl.SSLError)):
            await _comes_in(_url(port, ca / "ca.pem"))
        certificates.issue(ca, "gateway", [], datetime.now(UTC), is_client=True)
        await _comes_in(_url(port, ca / "ca.pem", f"&cert={ca / 'gateway.pem'}&key={ca / 'gateway.key'}"))


async def test_the_gateway_answers_an_alarm_over_tls(
    tmp_path: Path, world: World, mat: Device, database: Any
) -> None:
    async with tls(tmp_path, datetime.now(UTC)) as port:
        url = _url(port, tmp_path / "ca" / "ca.pem")
        gateway = RunningGateway(database.gateway, url, world)
        await gateway.start()
        try:
            async with Link(url, "gateway-device") as link:
                await link.subscribe([mat.topic("receipt")])
                topic, sos = mat.alarms("sos")
                await link.publish(topic, json.dumps(sos).encode())
                (one,) = await link.take(1)
                assert json.loads(one.payload)["result"] == "accepted"
        finally:
            await gateway.stop()
