"""Web push as pages and API share it: a browser is kept, a test message goes out, a receipt comes in."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import consents
from core.ids import parse_id
from dashboards import words
from dashboards.auth import Scope
from dashboards.vocabulary.mark import N_
from dispatch import push, push_subscriptions, vapid
from dispatch.notices import answers
from dispatch.push_subscriptions import NewSubscription
from dispatch.telephony.carriers import Failed

router = APIRouter(include_in_schema=False)
CODES = frozenset(
    {
        *("sent", "gone", "push_host_not_allowed", "push_keys_wrong", "push_refused", "push_busy"),
        *("push_unavailable", "push_unreachable"),
    }
)
"""What a test message may come to."""
LONGEST = 100
TEST = N_("This is a test: this device will be told when there is an alarm.")
MARKS = (("android", "android"), ("iphone", "apple"), ("ipad", "apple"), ("windows", "desktop"))
MARKS_OF_DESKS = (("macintosh", "desktop"), ("x11", "desktop"), ("cros", "desktop"))


def device_of(agent: str) -> str:
    """Return what kind of device a browser runs on, as a coarse code."""
    small = agent.lower()
    return next((kind for mark, kind in (*MARKS, *MARKS_OF_DESKS) if mark in small), "other")


async def keep(scope: Scope, endpoint: str, p256dh: str, auth: str, agent: str) -> UUID:
    """Keep the browser of who is logged in; a relative's asking for it is their consent to it."""
    vapid.load_or_create(scope.settings.vapid_path)
    new = NewSubscription(endpoint, p256dh, auth, device_of(agent))
    kept = await push_subscriptions.save(scope.conn, scope.settings, new, scope.person, scope.now)
    member = scope.person.family_member_id
    if member is not None:
        given = consents.Given("push", member, "member", "online", scope.now)
        await consents.give_all(
            scope.conn,
            consents.Subject(member=member),
            ["push"],
            given,
            district=scope.person.district_id,
            account=scope.person.account_id,
            now=scope.now,
        )
    return kept


async def test(request: Request, scope: Scope, subscription: UUID, answer: Callable[[str], Response]) -> None:
    """Send a test message to one of the person's own browsers; `answer` says what it came to, one of CODES.

    It is sent after the request's transaction: a push service may be slow, and its receipt may be back before
    this request is over, when the token must be found.
    """
    row, token = await push_subscriptions.begin_test(scope.conn, subscription, scope.person, scope.now)
    payload = {
        "title": words.say(scope.language, "Yinling"),
        "body": words.say(scope.language, TEST),
        "url": "/family/phone",
        "tag": "test",
        "token": token,
        "language": scope.language,
    }

    async def send() -> Response:
        failed: Failed | None = None
        try:
            await push.send(scope.settings, row, payload, scope.now)
        except Failed as error:
            failed = error
        async with request.app.state.pool.transaction(scope.person.district_id) as conn:
            await push_subscriptions.settle(conn, row["id"], failed, scope.now)
        return answer(failed.code if failed else "sent")

    scope.afterwards.append(send)


@router.post("/push/receipt/{token}", status_code=204)
async def receipt(request: Request, token: str) -> Response:
    """Note that a message arrived at a browser, which knows the token from the message alone; no login."""
    district, _, nonce = token.partition(".")
    where = parse_id(district)
    state = request.app.state
    if where is not None and 0 < len(nonce) <= LONGEST and nonce.isascii():
        async with state.pool.transaction(where) as conn:
            if not await push_subscriptions.end_test(conn, nonce, state.clock()):
                found = await answers.by_token(conn, nonce)
                if found is not None:
                    await answers.heard(conn, found, "delivered", "", state.clock())
    return Response(status_code=204)  # the same for a token of nobody's
