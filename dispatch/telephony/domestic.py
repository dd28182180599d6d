"""The domestic provider: voice by Huawei Cloud Voice Call, SMS by Alibaba Cloud, over their plain HTTP APIs.

Words are not fetched from us but sent with the call, into a voice template with one variable; one key is
collected, 9 says it again. Callbacks go to an address with the token. There is no list of calls to look into.
"""

import base64
import json
import re
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.errors import Failure
from core.settings import Settings
from dispatch.telephony import domestic_signing as signing
from dispatch.telephony import refusals
from dispatch.telephony.addresses import check_outgoing, ours
from dispatch.telephony.carriers import IN_DOUBT, Capability, Failed, Sent
from dispatch.telephony.flow import AGAIN
from dispatch.telephony.refusals import Refusal

NAME = "domestic"
_NOTIFY, _BRIDGE = "/rest/httpsessions/callnotify/v2.0", "/rest/httpsessions/click2Call/v2.0"
_STOP = "/rest/httpsessions/callStop/v2.0"
_SIGN = re.compile("^\u3010[^\u3011]{1,20}\u3011")
_TOO_MANY, _SERVER = 429, 500
_TEXTS = "2017-05-25"


class Domestic:
    """Calls and messages within mainland China."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        check(settings)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what is set up: notices, calls that join two phones, SMS, answers by SMS."""
        found: set[Capability] = set()
        if has_voice(self._settings):
            found |= {Capability.VOICE, Capability.KEYS}
        if has_bridge(self._settings):
            found.add(Capability.BRIDGE)
        if has_text(self._settings):
            found.add(Capability.SMS)
            if self._settings.domestic_text_push is not None:
                found.add(Capability.SMS_IN)
        return frozenset(found)

    async def say(self, to: str, token: str, words: str = "") -> Sent:
        """Ring a phone and read `words` out; the key that is pressed comes back."""
        settings = self._settings
        if not has_voice(settings) or not words:
            raise Failed("not_set_up", is_permanent=False)
        played = {
            "templateId": settings.domestic_voice_template,
            "templateParas": [words],
            "collectInd": 1,
            "replayAfterCollection": "true",
            "collectContentTriggerReplaying": AGAIN,
        }
        body = {"displayNbr": settings.domestic_number, "calleeNbr": to, "playInfoList": [played]}
        found = await self._call(_NOTIFY, {**body, **self._hooks(token)}, "voice")
        return Sent(str(found.get("sessionId", "")))

    async def bridge(self, desk: str, to: str, token: str) -> Sent:
        """Ring the operator's phone, then the other, and join them."""
        if not has_bridge(self._settings):
            raise Failed("not_set_up", is_permanent=False)
        shown = self._settings.domestic_number
        body = {
            "displayNbr": shown,
            "callerNbr": desk,
            "displayCalleeNbr": shown,
            "calleeNbr": to,
            "partyTypeRequiredInDisconnect": "true",
        }
        found = await self._call(_BRIDGE, {**body, **self._hooks(token)}, "bridge")
        return Sent(str(found.get("sessionId", "")))

    async def end(self, ref: str) -> None:
        """Hang up a joined call."""
        await self._call(_STOP, {"sessionid": ref, "signal": "call_stop"}, "bridge")

    async def find(self, to: str, since: datetime, token: str, known: Collection[str] = ()) -> Sent | None:  # noqa: ARG002 - nobody keeps a list
        """Say that nobody can tell: what happened is known when its callbacks come."""
        raise Failed("cannot_tell", is_permanent=False)

    async def text(self, to: str, body: str, token: str) -> Sent:
        """Write an SMS by a template with one variable, all that we write; the sign is the template's."""
        settings = self._settings
        if not has_text(settings):
            raise Failed("not_set_up", is_permanent=False)
        query = {
            "PhoneNumbers": to.removeprefix("+86"),
            "SignName": settings.domestic_text_sign or "",
            "TemplateCode": settings.domestic_text_template or "",
            "TemplateParam": json.dumps({"words": _SIGN.sub("", body)}, ensure_ascii=False),
            "OutId": token,
        }
        found = await self._write(query)
        if found.get("Code") != "OK":
            raise _failed(refusals.aliyun(found.get("Code")))
        return Sent(str(found.get("BizId", "")))

    def _hooks(self, token: str) -> dict[str, str]:
        address = ours(self._settings, f"{NAME}/{token}/status")
        encoded = base64.b64encode(address.encode()).decode()
        return {"statusUrl": encoded, "feeUrl": encoded, "userData": token}

    async def _call(self, path: str, body: Mapping[str, object], what: str) -> Mapping[str, Any]:
        settings = self._settings
        key, secret = applications(settings)[what]
        created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = signing.huawei(key, secret, secrets.token_hex(16), created)
        url = f"{(settings.domestic_voice_url or '').rstrip('/')}{path}"
        found = await self._post(url, headers, json_=body)
        if str(found.get("resultcode")) != "0":
            raise _failed(refusals.huawei(found.get("resultcode")))
        return found

    async def _write(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        settings = self._settings
        base = (settings.domestic_text_url or "").rstrip("/")
        assert settings.domestic_text_secret is not None  # noqa: S101 - has_text
        string, headers = signing.aliyun(
            settings.domestic_text_key or "",
            settings.domestic_text_secret.get_secret_value(),
            method="POST",
            host=urlsplit(base).netloc,
            query=query,
            action="SendSms",
            version=_TEXTS,
            date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            nonce=secrets.token_hex(16),
        )
        return await self._post(f"{base}/?{string}", headers)

    async def _post(
        self, url: str, headers: Mapping[str, str], json_: Mapping[str, object] | None = None
    ) -> Mapping[str, Any]:
        """Ask; an answer that is JSON is handed on whatever its status, since both say why in the body."""
        timeout = self._settings.telephony_timeout
        try:
            async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
                answer = await client.post(url, headers=dict(headers), json=json_)
            found = answer.json()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
            raise Failed("carrier_away", is_permanent=False) from error
        except (httpx.HTTPError, ValueError) as error:
            raise Failed(IN_DOUBT, is_permanent=False) from error
        if answer.status_code == _TOO_MANY:
            wait = answer.headers.get("retry-after", "")
            seconds = float(wait) if wait.isascii() and wait.isdigit() else None
            raise Failed("rate_limited", is_permanent=False, retry_after=seconds)
        if answer.status_code >= _SERVER or not isinstance(found, dict):
            raise Failed(IN_DOUBT, is_permanent=False)
        return found


def _failed(refusal: Refusal) -> Failed:
    return Failed(refusal.code, is_permanent=refusal.is_permanent)


def applications(settings: Settings) -> dict[str, tuple[str, str]]:
    """Return {voice|bridge: (key, secret)} of the applications that are set."""
    pairs = {
        "voice": (settings.domestic_voice_key, settings.domestic_voice_secret),
        "bridge": (settings.domestic_bridge_key, settings.domestic_bridge_secret),
    }
    return {name: (key, secret.get_secret_value()) for name, (key, secret) in pairs.items() if key and secret}


def has_voice(settings: Settings) -> bool:
    """Say whether automatic calls are set up."""
    return bool(
        settings.domestic_voice_url
        and settings.domestic_number
        and settings.domestic_voice_template
        and "voice" in applications(settings)
    )


def has_bridge(settings: Settings) -> bool:
    """Say whether calls that join two phones are set up."""
    return bool(
        settings.domestic_voice_url and settings.domestic_number and "bridge" in applications(settings)
    )


def has_text(settings: Settings) -> bool:
    """Say whether SMS is set up."""
    return bool(
        settings.domestic_text_url
        and settings.domestic_text_key
        and settings.domestic_text_secret
        and settings.domestic_text_sign
        and settings.domestic_text_template
    )


def check(settings: Settings) -> None:
    """Raise Failure naming what is wrong; at least one of voice and SMS must be set up."""
    if not (has_voice(settings) or has_bridge(settings) or has_text(settings)):
        raise Failure("YINLING_DOMESTIC_…: neither voice nor SMS is set up (docs/manual/telephony.md)")
    if has_voice(settings) or has_bridge(settings):
        check_outgoing(settings, "YINLING_DOMESTIC_VOICE_URL", settings.domestic_voice_url)
        ours(settings, NAME)
    if has_text(settings):
        check_outgoing(settings, "YINLING_DOMESTIC_TEXT_URL", settings.domestic_text_url)
