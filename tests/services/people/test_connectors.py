"""A register fetched from a server that speaks HTTP: signed, page by page, tried again when it fails."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core import person_facts
from core.errors import Invalid, NotFound
from core.settings import Settings
from services.registers import connectors, fetching, imports
from tests.makers import NOW, id_number, make_elder
from tests.services.people.applying import Office

SECRET = "a secret of the office"
ROW = {"id_number": id_number(701), "assistance": "低保", "valid_from": "2026-03-01"}
Answer = Callable[[dict[str, str], str], tuple[int, bytes]]


def pages(*rows: dict[str, Any], **more: Any) -> Answer:
    """Answer with one row a page."""

    def answer(asked: dict[str, str], _: str) -> tuple[int, bytes]:
        nth = int(asked["page"])
        body = {
            "register": asked["register"],
            "as_of": "2026-11-01",
            "rows": list(rows[nth - 1 : nth]),
            **more,
        }
        return 200, json.dumps({**body, "next": nth + 1 if nth < len(rows) else None}).encode()

    return answer


@dataclass
class Bureau:
    """The other office's server: it checks who asks, and answers."""

    port: int = 0
    answer: Answer = field(default_factory=lambda: pages(ROW))
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/registers"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        target = head[0].split(" ")[1]
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        self.asked.append(target)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        status, body = (401, b"{}") if not self.knows(target, fields) else self.answer(asked, target)
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        )
        writer.write(body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    def knows(self, target: str, fields: dict[str, str]) -> bool:
        """Check a bearer or, by the words of the manual, a signature."""
        if "authorization" in fields:
            return fields["authorization"] == f"bearer {SECRET}"
        said = f"GET\n{target}\n{fields['x-yinling-timestamp']}".encode()
        return hmac.new(SECRET.encode(), said, "sha256").hexdigest() == fields["x-yinling-signature"]


@pytest.fixture
async def bureau() -> AsyncIterator[Bureau]:
    found = Bureau()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()
    await server.wait_closed()


async def point(office: Office, bureau: Bureau, **given: Any) -> None:
    how: dict[str, Any] = {"url": bureau.url, "auth": "hmac", "secret": SECRET, "every_days": 30}
    async with office.web.transaction(office.district) as conn:
        how |= {"outgoing": frozenset(), "by": office.clerk, "now": NOW}
        await connectors.set_source(conn, office.keys, "assistance", **{**how, **given})


async def tick(office: Office, now: Any = NOW) -> int:
    return await connectors.tick(office.worker, lambda: office.keys, Settings(), now)


async def source(office: Office) -> Any:
    async with office.web.transaction(office.district) as conn:
        [row] = await connectors.sources(conn)
    return row


async def last(office: Office) -> Any:
    async with office.web.transaction(office.district) as conn:
        rows = await imports.list_(conn)
    return rows[0] if rows else None


@pytest.mark.parametrize("auth", ["hmac", "bearer"])
async def test_what_is_fetched_goes_the_way_of_a_file(office: Office, bureau: Bureau, auth: str) -> None:
    async with office.web.transaction(office.district) as conn:
        elder = await make_elder(conn, office.keys, office.district, id_number=id_number(701))
    await point(office, bureau, auth=auth)
    bureau.answer = pages(ROW, {**ROW, "id_number": id_number(702)}, is_complete=True)
    assert await tick(office) == 1
    async with office.web.transaction(office.district) as conn:
        [fact] = await person_facts.history(conn, elder)
    row, kept = await last(office), await source(office)
    assert (fact["value"], fact["valid_from"], fact["source"]) == ("dibao", date(2026, 3, 1), "import")
    assert (row["via"], row["state"], row["is_complete"], row["counts"]["strangers"]) == (
        "connector",
        "applied",
        True,
        1,
    )
    assert (kept["fetched_at"], kept["next_try_at"], kept["failed"]) == (NOW, NOW + timedelta(days=30), None)
    assert [target.split("?")[1] for target in bureau.asked] == [
        f"register=assistance&as_of=2026-11-01&page={nth}" for nth in (1, 2)
    ]
    assert await tick(office) == 0


async def test_what_fails_is_named_and_tried_again_later_and_later(office: Office, bureau: Bureau) -> None:
    await point(office, bureau)
    bureau.answer = lambda _asked, _target: (503, b"")
    assert await tick(office) == 0
    first = await source(office)
    assert (first["failed"], first["attempts"], first["next_try_at"]) == (
        "status_503",
        1,
        NOW + timedelta(minutes=5),
    )
    again = NOW + timedelta(minutes=5)
    await tick(office, again)
    second = await source(office)
    assert (second["attempts"], second["next_try_at"]) == (2, again + timedelta(minutes=10))
    bureau.answer = pages(ROW)
    assert await tick(office, again + timedelta(minutes=10)) == 1
    assert (await source(office))["attempts"] == 0


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _a, _t: (200, b"<html>"), "not_json"),
        (lambda _a, _t: (200, b"[]"), "wrong_shape"),
        (lambda _a, _t: (200, b'{"register": "assistance", "rows": [1]}'), "wrong_shape"),
        (lambda _a, _t: (200, b'{"register": "death", "rows": []}'), "wrong_register"),
        (lambda _a, _t: (200, b'{"register": "assistance", "rows": [], "next": 7}'), "wrong_shape"),
        (lambda _a, _t: (200, b'{"register": "assistance", "rows": [], "as_of": "soon"}'), "wrong_shape"),
        (lambda _a, _t: (302, b""), "status_302"),
    ],
)
async def test_an_answer_that_is_none_is_named(
    office: Office, bureau: Bureau, answer: Answer, code: str
) -> None:
    await point(office, bureau)
    bureau.answer = answer
    assert await tick(office) == 0
    assert ((await source(office))["failed"], await last(office)) == (code, None)


async def test_a_wrong_secret_and_a_server_that_is_away_are_named(office: Office, bureau: Bureau) -> None:
    await point(office, bureau, secret="another secret altogether")
    await tick(office)
    assert (await source(office))["failed"] == "status_401"
    await point(office, bureau, url="http://127.0.0.1:9/registers")
    await tick(office)
    assert (await source(office))["failed"] == "unreachable"


async def test_rows_with_mistakes_wait_for_a_clerk_and_nothing_is_kept(
    office: Office, bureau: Bureau
) -> None:
    await point(office, bureau)
    bureau.answer = pages(ROW, {**ROW, "id_number": 3.70503e17})
    await tick(office)
    row = await last(office)
    async with office.web.transaction(office.district) as conn:
        told = [(one["row"], one["code"]) for one in await imports.mistakes(conn, row["id"])]
    assert (row["state"], told) == ("wrong", [(3, "digits_lost")])


async def test_half_an_answer_by_which_many_would_lose_something_waits_for_a_clerk(
    office: Office, bureau: Bureau
) -> None:
    async with office.web.transaction(office.district) as conn:
        for nth in (701, 702, 703):
            await make_elder(conn, office.keys, office.district, id_number=id_number(nth))
    await point(office, bureau, every_days=1)
    bureau.answer = pages(
        *({**ROW, "id_number": id_number(nth)} for nth in (701, 702, 703)), is_complete=True
    )
    await tick(office)
    bureau.answer = pages(ROW, is_complete=True, as_of="2026-12-01")
    await tick(office, NOW + timedelta(days=1))
    row = await last(office)
    assert (row["state"], row["counts"]["ends"]) == ("ready", 2)


async def test_the_same_rows_of_the_same_day_are_recognised(office: Office, bureau: Bureau) -> None:
    await point(office, bureau, every_days=1)
    await tick(office)
    first = (await last(office))["id"]
    assert await tick(office, NOW + timedelta(days=1)) == 1
    assert (await last(office))["id"] == first


@pytest.mark.parametrize(
    "url",
    [
        "http://registers.example/x",
        "https://registers.example/x",
        "ftp://127.0.0.1/x",
        "https://u:p@127.0.0.1/x",
        "http://127.0.0.1/x?y=1",
        "nowhere",
    ],
)
async def test_only_allowed_addresses_are_taken(office: Office, bureau: Bureau, url: str) -> None:
    with pytest.raises(Invalid, match="url"):
        await point(office, bureau, url=url)


async def test_an_address_that_is_no_longer_allowed_is_not_called(office: Office, bureau: Bureau) -> None:
    await point(office, bureau, url="https://registers.example/x", outgoing=frozenset({"registers.example"}))
    await tick(office)
    assert ((await source(office))["failed"], bureau.asked) == ("not_allowed", [])


async def test_a_source_is_set_with_care_and_cleared(office: Office, bureau: Bureau) -> None:
    for wrong in ({"auth": "basic"}, {"secret": "short"}):
        with pytest.raises(Invalid):
            await point(office, bureau, **wrong)
    await point(office, bureau)
    async with office.web.transaction(office.district) as conn:
        sealed = await conn.fetchval("SELECT secret_sealed FROM register_source")
        await connectors.clear_source(conn, "assistance", office.clerk, NOW)
        with pytest.raises(NotFound):
            await connectors.clear_source(conn, "assistance", office.clerk, NOW)
    assert SECRET.encode() not in sealed
    assert await tick(office) == 0


def test_pauses_double_and_end_at_a_day() -> None:
    minutes = [connectors.pause(nth) / timedelta(minutes=1) for nth in (0, 1, 2, 8, 9, 99)]
    assert minutes == [5, 10, 20, 1280, 1440, 1440]


async def test_a_list_without_end_is_cut_off(
    office: Office, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_MOST_PAGES", 3)
    await point(office, bureau)
    bureau.answer = pages(*([ROW] * 9))
    await tick(office)
    assert ((await source(office))["failed"], len(bureau.asked)) == ("too_large", 4)
