"""EMQX's HTTP API: read the limits, end a client."""

from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx

from core.errors import Failure

_PARTS = ("mqtt", "authorization/settings", "durable_sessions")
_GONE = 404


class Emqx:
    """One cluster, by `http://key:secret@host:18083`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if not parts.hostname or not parts.username or not parts.password:
            raise Failure("YINLING_EMQX_API_URL: give http://key:secret@host:18083")
        self._base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/api/v5"
        self._auth = (unquote(parts.username), unquote(parts.password))

    async def configuration(self) -> dict[str, Any]:
        """Return what `broker_limits.emqx` judges."""
        everything = await self._call("GET", "configs")
        return {name.partition("/")[0]: everything.get(name.partition("/")[0], {}) for name in _PARTS}

    async def end(self, client_id: str) -> None:
        """End a client's connection and session; one that is not there is fine."""
        await self._call("DELETE", f"clients/{quote(client_id, safe='')}")

    async def _call(self, method: str, path: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(auth=self._auth, timeout=5, trust_env=False) as client:
                answer = await client.request(
                    method, f"{self._base}/{path}", headers={"Accept": "application/json"}
                )
        except httpx.HTTPError as error:
            raise Failure(f"EMQX's API does not answer: {type(error).__name__}") from error
        if answer.status_code == _GONE and method == "DELETE":
            return {}
        if not answer.is_success:
            raise Failure(f"EMQX's API answers {answer.status_code} to {method} {path.partition('/')[0]}")
        return dict(answer.json()) if answer.content else {}
