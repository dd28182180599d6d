"""Twilio: the one door to it (`twilio_signatures` is its light half, which web can afford to load).

Sources: twilio.com/docs: Call, Message and TwiML resources (2010-04-01), webhook security, error dictionary.
Outbound voice to mainland China ended in November 2023 and no number there can answer an SMS: calls there are
refused here at once, with a code of their own, unless a stand-in on this machine is asked.
"""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from core.errors import Failure
from core.settings import Settings
from dispatch.telephony import refusals
from dispatch.telephony.addresses import check_outgoing, is_stand_in, ours
from dispatch.telephony.carriers import IN_DOUBT, Capability, Failed, Sent
from dispatch.telephony.flow import RING_S

NAME = "twilio"
_EVENTS = ["initiated", "ringing", "answered", "completed"]
_SILENT = logging.getLogger("yinling.twilio")  # the library logs addresses with numbers in them
_SILENT.disabled = True
_TOO_MANY, _SERVER = 429, 500
_SLACK = timedelta(seconds=5)
_LOOKED_AT = 20


class Twilio:
    """Calls and messages over Twilio's HTTP API."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        check(settings)
        assert settings.twilio_auth_token is not None  # noqa: S101 - checked
        self._token = settings.twilio_auth_token.get_secret_value()
        self._from = settings.twilio_number or ""
        self._writes = settings.twilio_text_number or self._from
        self._is_stand_in = is_stand_in(settings.twilio_url)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what Twilio can do for the country of our number: to China it only writes."""
        if self._from.startswith("+86") and not self._is_stand_in:
            return frozenset({Capability.SMS})
        return frozenset(Capability)

    async def say(self, to: str, token: str, words: str = "") -> Sent:  # noqa: ARG002 - fetched from our webhook
        """Ring a phone; a machine that answers is told apart before our words are fetched."""
        self._check_voice(to)
        async with self._asking() as client:
            call = await client.calls.create_async(
                to=to,
                from_=self._from,
                url=self._hook(token, "voice"),
                status_callback=self._hook(token, "status"),
                status_callback_event=_EVENTS,
                machine_detection="Enable",
                timeout=RING_S,
            )
            return Sent(call.sid)

    async def text(self, to: str, body: str, token: str) -> Sent:
        """Write an SMS."""
        by = {"messaging_service_sid" if self._writes.startswith("MG") else "from_": self._writes}
        async with self._asking() as client:
            message = await client.messages.create_async(
                to=to, body=body, status_callback=self._hook(token, "text"), **by
            )
            return Sent(message.sid)

    async def bridge(self, desk: str, to: str, token: str) -> Sent:
        """Ring the operator's phone; our whisper then rings the other."""
        self._check_voice(to)
        self._check_voice(desk)
        async with self._asking() as client:
            call = await client.calls.create_async(
                to=desk,
                from_=self._from,
                url=self._hook(token, "whisper"),
                status_callback=self._hook(token, "desk"),
                status_callback_event=_EVENTS,
                timeout=RING_S,
            )
            return Sent(call.sid)

    async def find(self, to: str, since: datetime, token: str, known: Collection[str] = ()) -> Sent | None:  # noqa: ARG002 - Twilio's lists do not show the address a call was made with
        """Look among the calls and messages to this number for one that no other try has."""
        after = since.astimezone(UTC) - _SLACK
        async with self._asking() as client:
            calls = await client.calls.list_async(to=to, limit=_LOOKED_AT)
            texts = await client.messages.list_async(to=to, date_sent_after=after, limit=_LOOKED_AT)
        for one in (*calls, *texts):
            made = one.date_created
            if one.sid not in known and made is not None and made >= after and _is_ours(one):
                return Sent(one.sid)
        return None

    async def end(self, ref: str) -> None:
        """Hang up."""
        async with self._asking() as client:
            await client.calls(ref).update_async(status="completed")

    def _hook(self, token: str, what: str) -> str:
        return ours(self._settings, f"{NAME}/{token}/{what}")

    def _check_voice(self, to: str) -> None:
        if to.startswith("+86") and not self._is_stand_in:
            raise Failed("no_voice_to_china", is_permanent=True)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[Client]:
        """Open a client for one question; what goes wrong with it is a Failed."""
        settings = self._settings
        async with _Http(logger=_SILENT) as http:
            client = Client(settings.twilio_account_sid, self._token, http_client=http, environment={})
            client.api.base_url = settings.twilio_url.rstrip("/")
            try:
                async with asyncio.timeout(settings.telephony_timeout):
                    yield client
            except TwilioRestException as error:
                raise _failed(error, http.headers) from error
            except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
                raise Failed("carrier_away", is_permanent=False) from error
            except (aiohttp.ClientError, OSError, TimeoutError, TwilioException) as error:
                raise Failed(IN_DOUBT, is_permanent=False) from error


class _Http(AsyncTwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """The library's own client, which remembers the headers of the last answer: its errors do not.

    It logs in by a header, because the library still uses aiohttp's BasicAuth, which is going away.
    """

    headers: Mapping[str, str] = {}

    async def request(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - handed on as they are
        """Ask, and remember the headers."""
        auth = kwargs.pop("auth", None)
        if auth:
            given = base64.b64encode(":".join(auth).encode()).decode()
            kwargs["headers"] = {**(kwargs.get("headers") or {}), "Authorization": f"Basic {given}"}
        response = await super().request(*args, **kwargs)
        self.headers = dict(response.headers)
        return response


def _is_ours(one: Any) -> bool:  # noqa: ANN401 - a call or a message of the library
    return str(one.direction or "").startswith("outbound")


def _failed(error: TwilioRestException, headers: Mapping[str, str]) -> Failed:
    refusal = refusals.twilio(error.code)
    wait = retry_after(headers, datetime.now(UTC))
    if error.status == _TOO_MANY:
        return Failed("rate_limited", is_permanent=False, retry_after=wait)
    if error.status >= _SERVER:
        return Failed(IN_DOUBT, is_permanent=False, retry_after=wait)
    return Failed(refusal.code, is_permanent=refusal.is_permanent, retry_after=wait)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, which are a number or a date (RFC 9110 10.2.3)."""
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    if given is None:
        return None
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        return max((parsedate_to_datetime(given) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def check(settings: Settings) -> None:
    """Raise Failure naming the setting without which Twilio cannot be asked."""
    needed = {
        "YINLING_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "YINLING_TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "YINLING_TWILIO_NUMBER": settings.twilio_number,
    }
    for name, value in needed.items():
        if value is None:
            raise Failure(f"{name} is not set: Twilio cannot be asked without it")
    check_outgoing(settings, "YINLING_TWILIO_URL", settings.twilio_url)
    ours(settings, NAME)


async def look(settings: Settings) -> str:
    """Ask for the account; return its state, raise Failure in words."""
    try:
        async with Twilio(settings)._asking() as client:  # noqa: SLF001 - our own
            account = await client.api.accounts(settings.twilio_account_sid).fetch_async()
    except Failed as failed:
        raise Failure(f"Twilio refuses: {failed.code}") from failed
    return str(account.status)
