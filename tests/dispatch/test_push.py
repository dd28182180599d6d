"""Web push: what a push service is sent, what only the browser can read, what comes of each answer."""

import base64
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core import people
from core.errors import Conflict, Failure, Invalid, NotFound
from core.settings import Settings
from dispatch import push, push_subscriptions, vapid
from dispatch.push_subscriptions import NewSubscription
from dispatch.telephony.carriers import Failed
from tests import makers
from tests.dashboards.pushing import AUTH, P256DH
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW
from tests.pushing import push_service

SAID = {
    "title": "Yinling",
    "body": "Something happened",
    "url": "/family/alert/1",
    "tag": "a1",
    "token": "t-1",
}


def settings(folder: Path, **given: Any) -> Settings:
    made = Settings(home=folder, **given)
    vapid.load_or_create(made.vapid_path)
    return made


async def test_only_the_browser_can_read_what_is_sent_and_it_knows_whom_to_tell(tmp_path: Path) -> None:
    async with push_service() as service:
        row = service.subscription()
        await push.send(settings(tmp_path), row, SAID, NOW)
        head, body = service.taken[0]
        said = service.read()
    assert said == {
        **{name: SAID[name] for name in ("title", "body", "url", "tag")},
        "receipt": f"{row['district_id']}.t-1",
    }
    assert b"Something happened" not in body
    assert (head["ttl"], head["urgency"], head["topic"]) == ("600", "high", "a1")
    assert head["content-encoding"] == "aes128gcm"
    token, _, key = head["authorization"].removeprefix("vapid t=").partition(", k=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.urlsafe_b64decode(key + "="))
    claims = jwt.decode(
        token, public, algorithms=["ES256"], audience=service.address, options={"verify_exp": False}
    )
    assert claims["exp"] == int((NOW + push.SIGNED).timestamp())


@pytest.mark.parametrize(
    ("status", "code", "is_permanent"),
    [
        (404, "gone", True),
        (410, "gone", True),
        (413, "push_refused", True),
        (403, "push_refused", True),
        (302, "push_refused", True),
        (500, "push_unavailable", False),
        (503, "push_unavailable", False),
    ],
)
async def test_an_answer_says_whether_to_try_again(
    tmp_path: Path,
    status: int,
    code: str,
    is_permanent: bool,  # noqa: FBT001 - a parameter
) -> None:
    async with push_service() as service:
        service.status, service.headers = status, {"location": "http://127.0.0.1:1/elsewhere"}
        with pytest.raises(Failed) as failed:
            await push.send(settings(tmp_path), service.subscription(), SAID, NOW)
    assert (failed.value.code, failed.value.is_permanent) == (code, is_permanent)
    assert len(service.taken) == 1


@pytest.mark.parametrize(("said", "seconds"), [("17", 17.0), ("soon", None)])
async def test_a_busy_push_service_is_left_alone_as_long_as_it_says(
    tmp_path: Path, said: str, seconds: float | None
) -> None:
    async with push_service() as service:
        service.status, service.headers = 429, {"retry-after": said}
        with pytest.raises(Failed) as failed:
            await push.send(settings(tmp_path), service.subscription(), SAID, NOW)
    assert (failed.value.code, failed.value.retry_after) == ("push_busy", seconds)
    assert not failed.value.is_permanent


async def test_nobody_there_is_worth_another_try(tmp_path: Path) -> None:
    async with push_service() as service:
        row = service.subscription()
    with pytest.raises(Failed) as failed:
        await push.send(settings(tmp_path), row, SAID, NOW)
    assert (failed.value.code, failed.value.is_permanent) == ("push_unreachable", False)


async def test_keys_that_are_none_are_refused_for_good(tmp_path: Path) -> None:
    async with push_service() as service:
        row = {**service.subscription(), "p256dh": "AAAA"}
        with pytest.raises(Failed) as failed:
            await push.send(settings(tmp_path), row, SAID, NOW)
    assert (failed.value.code, service.taken) == ("push_keys_wrong", [])


@pytest.mark.parametrize("wrong", [{"name": "a person"}, {"body": "x" * 4000}])
async def test_a_message_holds_what_a_message_may_hold(tmp_path: Path, wrong: dict[str, str]) -> None:
    async with push_service() as service:
        with pytest.raises(ValueError, match="a push message has"):
            await push.send(settings(tmp_path), service.subscription(), {**SAID, **wrong}, NOW)
    assert service.taken == []


@pytest.mark.parametrize(
    ("endpoint", "is_allowed"),
    [
        ("http://127.0.0.1:99/x", True),
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://wns2-sg2p.notify.windows.com/w/x", True),
        ("https://notify.windows.com/w/x", False),
        ("https://evilnotify.windows.com/w/x", False),
        ("http://fcm.googleapis.com/fcm/send/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://10.0.0.1/x", False),
        ("https://[::1/x", False),
        ("https://fcm.googleapis.com:99999/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_allowed_push_services_are_called(
    tmp_path: Path,
    endpoint: str,
    is_allowed: bool,  # noqa: FBT001 - a parameter
) -> None:
    made = settings(tmp_path, outgoing_hosts="fcm.googleapis.com, *.notify.windows.com")
    assert push.is_allowed(made, endpoint) == is_allowed


async def test_a_server_that_others_open_calls_nothing_on_its_own_machine(tmp_path: Path) -> None:
    made = settings(tmp_path, public_url="https://yinling.example.org")
    assert not push.is_allowed(made, "http://127.0.0.1:5432/x")
    assert made.push_sender == "https://yinling.example.org"
    async with push_service() as service:
        with pytest.raises(Failed) as failed:
            await push.send(made, service.subscription(), SAID, NOW)
    assert (failed.value.code, failed.value.is_permanent) == ("push_host_not_allowed", True)


def test_the_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vapid.pem"
    first = vapid.load_or_create(path)
    assert (path.stat().st_mode & 0o777, len(first.public)) == (0o600, 87)
    assert vapid.load_or_create(path).public == first.public
    assert [one.name for one in path.parent.iterdir()] == ["vapid.pem"]
    path.chmod(0o644)
    with pytest.raises(Failure, match="chmod 600"):
        vapid.load(path)
    path.chmod(0o600)
    path.write_text("no key", encoding="ascii")
    with pytest.raises(Failure, match="damaged"):
        vapid.load(path)
    with pytest.raises(Failure, match="yinling keys push"):
        vapid.load(tmp_path / "none.pem")


async def test_the_same_browser_is_kept_once_for_who_is_logged_in_there(world: World, tmp_path: Path) -> None:
    made, one, other = settings(tmp_path), await make_operator(world), await make_operator(world)
    new = NewSubscription("http://127.0.0.1:9/x", P256DH, AUTH, "android")
    async with world.web.transaction(world.district) as conn:
        first = await push_subscriptions.save(conn, made, new, one, NOW)
        assert await push_subscriptions.save(conn, made, new, one, NOW) == first
        assert await push_subscriptions.save(conn, made, new, other, NOW) == first
        assert await push_subscriptions.of_account(conn, one.account_id) == []
        assert [row["id"] for row in await push_subscriptions.of_account(conn, other.account_id)] == [first]
        await push_subscriptions.withdraw(conn, new.endpoint, one, NOW)
        assert len(await push_subscriptions.of_account(conn, other.account_id)) == 1
        await push_subscriptions.withdraw(conn, new.endpoint, other, NOW)
        assert await push_subscriptions.of_account(conn, other.account_id) == []


async def test_what_cannot_be_told_is_not_kept(world: World, tmp_path: Path) -> None:
    made, by = settings(tmp_path), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid) as refused:
            await push_subscriptions.save(
                conn, made, NewSubscription("https://10.0.0.1/x", "?", AUTH, "other"), by, NOW
            )
        for nth in range(push_subscriptions.MOST):
            new = NewSubscription(f"http://127.0.0.1:9/{nth}", P256DH, AUTH, "other")
            await push_subscriptions.save(conn, made, new, by, NOW)
        with pytest.raises(Conflict):
            await push_subscriptions.save(
                conn, made, NewSubscription("http://127.0.0.1:9/x", P256DH, AUTH, "other"), by, NOW
            )
    errors: Any = refused.value.extra["errors"]
    assert [(one["field"], one["code"]) for one in errors] == [
        ("endpoint", "push_host_not_allowed"),
        ("p256dh", "not_a_key"),
    ]


async def test_a_browser_that_is_gone_is_forgotten_and_a_failure_is_noted(
    world: World, tmp_path: Path
) -> None:
    made = settings(tmp_path)
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="m", phone=None, now=NOW
        )
        by = await makers.make_person(conn, world.district, "family", family_member=member)
        new = NewSubscription("http://127.0.0.1:9/x", P256DH, AUTH, "android")
        kept = await push_subscriptions.save(conn, made, new, by, NOW)

        async def row() -> Any:
            return next(iter(await push_subscriptions.of_members(conn, [member])), None)

        await push_subscriptions.settle(conn, kept, Failed("push_busy", is_permanent=False), NOW)
        assert ((await row())["failed_at"], (await row())["failed_code"]) == (NOW, "push_busy")
        await push_subscriptions.settle(conn, kept, None, NOW)
        assert ((await row())["taken_at"], (await row())["failed_code"]) == (NOW, None)
        await push_subscriptions.settle(conn, kept, Failed("gone", is_permanent=True), NOW)
        assert await row() is None
        with pytest.raises(NotFound):
            await push_subscriptions.begin_test(conn, kept, by, NOW)
