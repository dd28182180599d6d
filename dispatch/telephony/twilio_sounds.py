"""Recordings at Twilio: fetched as WAV and deleted there (twilio.com/docs/voice/api/recording)."""

from http import HTTPStatus

import httpx

from core.settings import Settings
from dispatch.telephony.addresses import check_outgoing
from dispatch.telephony.carriers import Failed


class TwilioSounds:
    """Twilio's store of our recordings."""

    def __init__(self, settings: Settings) -> None:
        base = check_outgoing(settings, "YINLING_TWILIO_URL", settings.twilio_url)
        account = settings.twilio_account_sid or ""
        secret = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
        self._at = f"{base}/2010-04-01/Accounts/{account}/Recordings"
        self._auth = (account, secret)
        self._timeout = settings.telephony_timeout

    async def fetch(self, ref: str) -> bytes:
        """Return the sound (WAV); raise Failed."""
        return (await self._ask("GET", f"{self._at}/{ref}.wav")).content

    async def drop(self, ref: str) -> None:
        """Delete Twilio's copy; raise Failed. One that is gone already is no failure."""
        try:
            await self._ask("DELETE", f"{self._at}/{ref}")
        except Failed as failed:
            if failed.code != "recording_gone":
                raise

    async def _ask(self, method: str, url: str) -> httpx.Response:
        try:
            async with httpx.AsyncClient(auth=self._auth, timeout=self._timeout, trust_env=False) as client:
                answer = await client.request(method, url)
        except httpx.HTTPError as error:
            raise Failed("carrier_away", is_permanent=False) from error
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise Failed("recording_gone", is_permanent=method == "DELETE")
        if not answer.is_success:
            raise Failed("carrier_broken", is_permanent=False)
        return answer
