"""Whether Twilio said it: its signature over address and fields (twilio.com/docs/usage/security)."""

from collections.abc import Mapping

from twilio.request_validator import RequestValidator

from core.settings import Settings


def is_signed(settings: Settings, url: str, fields: Mapping[str, str], signature: str) -> bool:
    """Say whether Twilio signed a webhook: its address as we gave it, and the fields of its body."""
    if settings.twilio_auth_token is None or not signature:
        return False
    validator = RequestValidator(settings.twilio_auth_token.get_secret_value())
    return bool(validator.validate(url, dict(fields), signature))
