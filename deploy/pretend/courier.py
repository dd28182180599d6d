"""What the pretended Twilio says to our webhooks: signed, and, when asked, late, twice or out of order."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from deploy.pretend.resources import Fetch, Hook
from deploy.pretend.timeline import Timeline
from deploy.pretend.twiml import Wrong

_AGAIN = 1.0
_KEPT = 100


@dataclass(slots=True)
class Modes:
    """How the server misbehaves."""

    late: float = 0.0
    """Seconds by which every status callback comes later."""
    is_twice: bool = False
    """Every webhook is said again, with the same idempotency token."""
    is_shuffled: bool = False
    """A call's status callbacks come when it is over, the last first."""
    refusals: int = 0
    """So many requests are answered 429 and not carried out."""
    breaks: int = 0
    """So many calls and messages are carried out and answered 500: the sender cannot know."""


def sign(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the address and the sorted fields of the body.

    Source: https://www.twilio.com/docs/usage/security (validating requests).
    """
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


class Courier:
    """Posts to our webhooks; `hosts` are those it may speak to (None: any, in tests without a network)."""

    def __init__(
        self, timeline: Timeline, client: httpx.AsyncClient, token: str, hosts: frozenset[str] | None
    ) -> None:
        self.modes = Modes()
        self.troubles: list[str] = []
        """What our webhooks answered wrongly, newest last: path and status, never a body."""
        self._timeline = timeline
        self._client = client
        self._token = token
        self._hosts = hosts

    async def fetch(self, wanted: Fetch, fields: Mapping[str, str]) -> str:
        """Ask for a document; raise Wrong when none comes."""
        if wanted.document is not None:
            return wanted.document
        told, token = {**fields, **wanted.told}, secrets.token_hex(16)
        answer = await self._send(wanted.url, wanted.method, told, token)
        if self.modes.is_twice and answer is not None:
            answer = await self._send(wanted.url, wanted.method, told, token)
        if answer is None:
            raise Wrong("our webhook gave no document")
        return answer

    def tell(
        self, hook: Hook, event: str, fields: dict[str, str], held: list[tuple[str, dict[str, str]]]
    ) -> None:
        """Tell the status callback; `held` are the things of this call that were kept back so far."""
        if hook.url is None or event not in hook.events:
            said: list[tuple[str, dict[str, str]]] = []
        else:
            said = [(hook.method, fields)]
        if not self.modes.is_shuffled:
            self._say(hook, said)
            return
        held.extend(said)
        if fields["_final"] == "yes":
            self._say(hook, held[::-1])
            held.clear()

    def _say(self, hook: Hook, said: list[tuple[str, dict[str, str]]]) -> None:
        if hook.url is not None and said:
            self._timeline.spawn(self._deliver(hook.url, said))

    async def _deliver(self, url: str, said: list[tuple[str, dict[str, str]]]) -> None:
        if self.modes.late:
            await self._timeline.wait(self.modes.late)
        for method, fields in said:
            told = {name: value for name, value in fields.items() if name != "_final"}
            token = secrets.token_hex(16)
            await self._send(url, method, told, token)
            if self.modes.is_twice:
                await self._timeline.wait(_AGAIN)
                await self._send(url, method, told, token)

    async def _send(self, url: str, method: str, fields: Mapping[str, str], token: str) -> str | None:
        parts = urlsplit(url)
        if self._hosts is not None and parts.hostname not in self._hosts:
            self._trouble(f"{parts.hostname}: not on this machine, not asked")
            return None
        asked = _with_query(url, fields) if method == "GET" else url
        body = {} if method == "GET" else dict(fields)
        headers = {"X-Twilio-Signature": sign(self._token, asked, body), "I-Twilio-Idempotency-Token": token}
        try:
            answer = await self._client.request(method, asked, data=body or None, headers=headers)
        except httpx.HTTPError as error:
            self._trouble(f"{_short(parts.path)}: {type(error).__name__}")
            return None
        if not answer.is_success:
            self._trouble(f"{_short(parts.path)}: {answer.status_code}")
            return None
        return answer.text

    def _trouble(self, words: str) -> None:
        self.troubles.append(words)
        del self.troubles[:-_KEPT]


def beside(base: str, url: str | None) -> str:
    """Return an address that a document names, relative to where the document came from."""
    return urljoin(base, url) if url else base


def _with_query(url: str, fields: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(fields)}"


def _short(path: str) -> str:
    """Return a path without what binds it to one call."""
    return "/".join(part if len(part) < 16 else "…" for part in path.split("/"))  # noqa: PLR2004 - a nonce is longer
