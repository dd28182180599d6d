"""What a webhook that asks for words is answered, in TwiML: prompts, thanks, the whisper to an operator."""

from datetime import datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.settings import Settings
from core.sql import load
from dispatch import cases, journal
from dispatch.notices import answers, spoken
from dispatch.notices import words as notice_words
from dispatch.telephony import calls, hearing, twiml, words
from dispatch.telephony.addresses import ours
from dispatch.telephony.calls import Place
from dispatch.telephony.hearing import Word

SQL = load(__file__)
LANGUAGE = "zh_CN"
_NOTE = 500


async def prompt(conn: Conn, keys: Keys, place: Place, action: str, *, is_wrong: bool = False) -> str:
    """Say a notice's words and ask for a key; what asks nothing is said twice, then goodbye."""
    said = await _words(conn, keys, place)
    if said is None:
        return twiml.tell([words.say("bye", LANGUAGE)], LANGUAGE)
    if not said.asks:
        return twiml.tell([said.text, said.text, words.say("bye", said.language)], said.language)
    first = [notice_words.thanks("wrong", said.language)] if is_wrong else []
    return twiml.ask([*first, said.text, words.say("again", said.language)], said.language, action)


async def thank(conn: Conn, keys: Keys, place: Place, what: str) -> str:
    """Say what became of a key (a key of `notices.words.thanks`), and goodbye."""
    said = await _words(conn, keys, place)
    language = said.language if said else LANGUAGE
    what = "unheard" if what == "wrong" else what
    spoken_ = notice_words.thanks(what, language, said.centre if said else "")
    return twiml.tell([spoken_, words.say("bye", language)], language)


async def to_machine(conn: Conn, keys: Keys, place: Place) -> str:
    """Ask to be called back: a voice mailbox hears nothing of what it is about."""
    said = await _words(conn, keys, place)
    language = said.language if said else LANGUAGE
    return twiml.tell([words.say("machine", language, said.centre if said else "")], language)


async def language_of(conn: Conn, account: UUID | None) -> str:
    """Return the language of a person of the centre, Chinese of nobody."""
    found: str | None = await conn.fetchval(SQL.language_of, account)
    return found or LANGUAGE


async def join(conn: Conn, keys: Keys, settings: Settings, row: Row, token: str) -> str:
    """Whisper to the operator whom they will speak to, and ring that phone."""
    district = row["district_id"]
    language = await language_of(conn, row["account_id"])
    sentences = [words.whisper(row["target"], language)]
    if row["is_recorded"]:
        sentences.append(words.say("recorded", language))
    return twiml.join(
        sentences,
        language,
        number=keys.open(district, row["number_sealed"]),
        shown=settings.twilio_number or "",
        action=ours(settings, f"twilio/{token}/dialed"),
        leg=ours(settings, f"twilio/{token}/leg"),
        recording=ours(settings, f"twilio/{token}/recorded") if row["is_recorded"] else None,
        announced=ours(settings, f"twilio/{token}/announced") if row["is_recorded"] else None,
    )


async def announce(conn: Conn, place: Place) -> str:
    """Tell whom an operator calls that the call is recorded, in their language where it is known."""
    language = await conn.fetchval(SQL.language_of_called, place.call) or LANGUAGE
    return twiml.speak([words.say("recorded", language)], language)


async def reply(
    conn: Conn, keys: Keys, place: Place, word: Word, text: str, stored: str, now: datetime
) -> str | None:
    """Take an answer by SMS; return what to write back, or None: a repetition, or nothing to say.

    `stored` is the sender's number as registers keep it. Whatever was written beyond a lone figure stands in
    the case's timeline.
    """
    if not await hearing.take(conn, place.call, word, now):
        return None
    row = await calls.lock(conn, place.call)
    index = keys.index(place.district, "phone", stored)
    said = await answers.replied(conn, index, text, now)
    if row["case_id"] is not None and text.strip() not in answers.KEYS:
        case = await cases.lock(conn, row["case_id"])
        data = {"call": str(row["id"])}
        await journal.case(conn, case, "reply", now, note=text.strip()[:_NOTE], data=data)
    if said == "unheard":
        return None
    words_ = await _words(conn, keys, place)
    language = words_.language if words_ else LANGUAGE
    return notice_words.thanks(said, language, words_.centre if words_ else "")


async def _words(conn: Conn, keys: Keys, place: Place) -> spoken.Spoken | None:
    row = await calls.lock(conn, place.call)
    return await spoken.of_try(conn, keys, row["notice_try_id"]) if row["notice_try_id"] else None
