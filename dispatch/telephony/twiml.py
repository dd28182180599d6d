"""Answers to the carrier in TwiML (pure): ask for a key, say and hang up, join two phones, reply by SMS."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from dispatch.telephony import words
from dispatch.telephony.flow import RING_S, WAIT_S

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def ask(sentences: Sequence[str], language: str, action: str) -> str:
    """Say something and post the key that is pressed, or none, to `action`."""
    response = ET.Element("Response")
    gather = ET.SubElement(
        response,
        "Gather",
        {
            "input": "dtmf",
            "numDigits": "1",
            "timeout": str(WAIT_S),
            "actionOnEmptyResult": "true",
            "action": action,
            "method": "POST",
        },
    )
    _say(gather, sentences, language)
    return _text(response)


def tell(sentences: Sequence[str], language: str) -> str:
    """Say something and hang up."""
    response = ET.Element("Response")
    _say(response, sentences, language)
    ET.SubElement(response, "Hangup")
    return _text(response)


def join(
    sentences: Sequence[str],
    language: str,
    *,
    number: str,
    shown: str,
    action: str,
    leg: str,
    recording: str | None = None,
    announced: str | None = None,
) -> str:
    """Whisper to who has picked up, then ring `number`; its progress is posted to `leg`, its end to `action`.

    With `recording`, an address, both sides are recorded from the answer on, and it is told when it is ready;
    who is called is told so first, by the words at `announced`.
    """
    response = ET.Element("Response")
    _say(response, sentences, language)
    about = {
        "callerId": shown,
        "timeout": str(RING_S),
        "answerOnBridge": "true",
        "action": action,
        "method": "POST",
    }
    if recording:
        about |= {"record": "record-from-answer-dual", "recordingStatusCallback": recording}
    dial = ET.SubElement(response, "Dial", about)
    other = {"statusCallback": leg, "statusCallbackEvent": "initiated ringing answered completed"}
    called = ET.SubElement(dial, "Number", other | ({"url": announced} if announced else {}))
    called.text = number
    return _text(response)


def speak(sentences: Sequence[str], language: str) -> str:
    """Say something to who is called, before the two are joined."""
    response = ET.Element("Response")
    _say(response, sentences, language)
    return _text(response)


def write(text: str) -> str:
    """Reply to a message."""
    response = ET.Element("Response")
    ET.SubElement(response, "Message").text = text
    return _text(response)


def _say(parent: ET.Element, sentences: Sequence[str], language: str) -> None:
    for sentence in sentences:
        ET.SubElement(parent, "Say", {"language": words.voice(language)}).text = sentence


def _text(response: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(response, encoding="unicode")
