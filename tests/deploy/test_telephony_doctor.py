"""What the doctor says of the telephone."""

import pytest
from pydantic import SecretStr

from core import people
from core.crypto import Keys
from core.db import Pool
from core.errors import Failure
from core.settings import Settings
from deploy import telephony
from deploy.pretend.numbers import ACCOUNT, TOKEN
from tests import makers
from tests.makers import NOW
from tests.pretending import PUBLIC, Pushed, pretending

REAL = {
    "public_url": "https://care.example.org",
    "twilio_account_sid": ACCOUNT,
    "twilio_auth_token": SecretStr(TOKEN),
    "twilio_number": "+4930123456",
}


async def test_the_desk_phone_needs_nothing(pool_owner: Pool, keys: Keys) -> None:
    await makers.make_district(pool_owner)
    assert "dial by hand" in await telephony.look(Settings(), pool_owner, keys)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"public_url": None}, "YINLING_PUBLIC_URL is not set"),
        ({"public_url": "http://care.example.org"}, "carriers need https"),
        ({"public_url": "https://10.0.0.7"}, "nobody outside can reach 10.0.0.7"),
        ({"public_url": "https://yinling.local"}, "nobody outside can reach yinling.local"),
        ({"twilio_auth_token": None}, "YINLING_TWILIO_AUTH_TOKEN is not set"),
        ({}, "api.twilio.com is not one of YINLING_OUTGOING_HOSTS"),
        ({"twilio_number": "+8653182880000"}, "ended calls to mainland China in November 2023"),
    ],
)
async def test_what_is_wrong_with_twilio_is_named(
    pool_owner: Pool, keys: Keys, changed: dict[str, object], words: str
) -> None:
    await makers.make_district(pool_owner, carrier="twilio")
    settings = Settings.model_validate({**REAL, **changed})
    with pytest.raises(Failure, match=words):
        await telephony.look(settings, pool_owner, keys)


async def test_twilio_is_refused_for_a_district_with_chinese_numbers(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district = await makers.make_district(pool_owner, carrier="twilio")
    async with pool_web.transaction(district) as conn:
        await people.create_family_member(
            conn, keys, district=district, name="d", phone="138 0000 5678", now=NOW
        )
    with pytest.raises(Failure, match="mainland China"):
        await telephony.look(Settings.model_validate(REAL), pool_owner, keys)


async def test_a_domestic_provider_says_what_is_missing(pool_owner: Pool, keys: Keys) -> None:
    await makers.make_district(pool_owner, carrier="domestic")
    settings = Settings.model_validate(
        {
            "public_url": "https://care.example.org",
            "outgoing_hosts": "dysmsapi.aliyuncs.com",
            "domestic_text_url": "https://dysmsapi.aliyuncs.com",
            "domestic_text_key": "k",
            "domestic_text_secret": "s",
            "domestic_text_sign": "n",
            "domestic_text_template": "SMS_1",
        }
    )
    with pytest.raises(Failure) as found:
        await telephony.look(settings, pool_owner, keys)
    said = str(found.value)
    assert "automatic calls are not set up" in said
    assert "replies by SMS are not heard" in said
    assert "SMS is not set up" not in said


async def test_the_pretended_carrier_is_well_and_a_wrong_token_is_not(pool_owner: Pool, keys: Keys) -> None:
    await makers.make_district(pool_owner, carrier="twilio")
    async with pretending(None, Pushed()) as phones:
        given = {**REAL, "public_url": PUBLIC, "twilio_url": phones.address}
        assert await telephony.look(Settings.model_validate(given), pool_owner, keys) == (
            "twilio: 1 district(s)"
        )
        wrong = Settings.model_validate({**given, "twilio_auth_token": "wrong"})
        with pytest.raises(Failure, match="Twilio refuses: not_set_up"):
            await telephony.look(wrong, pool_owner, keys)
