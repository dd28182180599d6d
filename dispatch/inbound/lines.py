"""What a caller hears, in TwiML (pure): words of lines.toml, the queue, a phone that is rung, goodbye."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from dispatch.telephony import words
from dispatch.telephony.flow import WAIT_S

_TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
LANGUAGE = "zh_CN"
"""Nobody's language is known before somebody has spoken; a caller's own may come with the person's record."""
SILENCE_S = 4
"""Seconds of silence between two looks whether somebody has taken the call."""
RING_S = 25
"""Seconds that the phone of who took it rings."""


def wait(again: str, *, is_first: bool, is_spoken: bool, language: str = LANGUAGE) -> str:
    """Let the caller wait and ask again at `again`."""
    response = ET.Element("Response")
    if is_spoken:
        _say(response, "welcome" if is_first else "wait", language)
    ET.SubElement(response, "Pause", {"length": str(SILENCE_S)})
    ET.SubElement(response, "Redirect", {"method": "POST"}).text = again
    return _text(response)


def join(
    desk: str,
    *,
    shown: str,
    action: str,
    leg: str,
    recording: str | None,
    screen: str | None = None,
    language: str = LANGUAGE,
) -> str:
    """Ring `desk` for the caller, who is told first when it is recorded (`recording`: where to tell).

    With `screen`, an address, who picks up hears the words there first: a voice mailbox takes no caller.
    """
    response = ET.Element("Response")
    about = {"timeout": str(RING_S), "answerOnBridge": "true", "action": action, "method": "POST"}
    if shown:
        about["callerId"] = shown
    if recording is not None:
        _say(response, "recorded", language)
        about |= {"record": "record-from-answer-dual", "recordingStatusCallback": recording}
    else:
        _say(response, "connecting", language)
    dial = ET.SubElement(response, "Dial", about)
    other = {"statusCallback": leg, "statusCallbackEvent": "initiated ringing answered completed"}
    ET.SubElement(dial, "Number", other | ({"url": screen} if screen else {})).text = desk
    return _text(response)


def screen(action: str, language: str = LANGUAGE) -> str:
    """Ask who has picked up for key 1, posted to `action`; without a key the phone is put down."""
    response = ET.Element("Response")
    about = {"input": "dtmf", "numDigits": "1", "timeout": str(WAIT_S), "action": action, "method": "POST"}
    gather = ET.SubElement(response, "Gather", about)
    for _ in range(2):
        _say(gather, "screen", language)
    ET.SubElement(response, "Hangup")
    return _text(response)


def hang_up() -> str:
    """Put a phone down without a word."""
    response = ET.Element("Response")
    ET.SubElement(response, "Hangup")
    return _text(response)


def call_back(language: str = LANGUAGE) -> str:
    """Promise a call back, and end."""
    return _end("call_back", language)


def nobody(language: str = LANGUAGE) -> str:
    """Say that this number serves no district, and end."""
    return _end("nobody", language)


def bye(language: str = LANGUAGE) -> str:
    """End."""
    return _end("bye", language)


def _end(what: str, language: str) -> str:
    response = ET.Element("Response")
    _say(response, what, language)
    ET.SubElement(response, "Hangup")
    return _text(response)


def _say(parent: ET.Element, what: str, language: str) -> None:
    ET.SubElement(parent, "Say", {"language": words.voice(language)}).text = _TEXTS[language][what]


def _text(response: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(response, encoding="unicode")
