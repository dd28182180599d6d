"""TwiML read into verbs: what a call is told to do (pure). An unknown verb is an error, never skipped.

Source: https://www.twilio.com/docs/voice/twiml. Attributes that change nothing here (a voice) are not read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

_SECONDS_A_SIGN = 0.2
_LEAST, _MOST = 1.0, 60.0


class Wrong(ValueError):  # noqa: N818 - the adjective says what the document is
    """A document that Twilio would not carry out; the words say what is wrong."""


@dataclass(frozen=True, slots=True)
class Say:
    """Words read out `loop` times."""

    text: str
    language: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """A sound, by its address."""

    url: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence of so many seconds."""

    length: float = 1.0


@dataclass(frozen=True, slots=True)
class Gather:
    """Keys wanted: how many, how long to wait for the next, what is said meanwhile, where they are sent."""

    prompts: tuple["Say | Play | Pause", ...] = ()
    action: str | None = None
    method: str = "POST"
    num_digits: int | None = None
    timeout: float = 5.0
    finish_on_key: str = "#"
    on_empty: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """The phone that a Dial rings: what it hears first, and who is told how it went."""

    to: str
    url: str | None = None
    method: str = "POST"
    callback: str | None = None
    callback_events: tuple[str, ...] = ()
    callback_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Dial:
    """Join this call with another phone."""

    number: Number
    action: str | None = None
    method: str = "POST"
    timeout: float = 30.0
    caller_id: str | None = None
    record: bool = False
    recording_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Record what is said."""

    action: str | None = None
    method: str = "POST"
    max_length: float = 3600.0
    callback: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not answer the call: `rejected` or `busy`."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Dial | Record | Redirect | Hangup | Reject


def read(document: str) -> tuple[Verb, ...]:
    """Return the verbs of a document; raise Wrong when Twilio would not carry it out."""
    return tuple(_verb(one) for one in _root(document))


def messages(document: str) -> tuple[str, ...]:
    """Return what a document for an SMS answers; raise Wrong when it is no such document."""
    root = _root(document)
    if any(one.tag != "Message" for one in root):
        raise Wrong("only Message is known in the answer to an SMS")
    return tuple("".join(one.itertext()).strip() for one in root)


def _root(document: str) -> Element:
    try:
        root: Element = ElementTree.fromstring(document)
    except (ParseError, DefusedXmlException) as error:
        raise Wrong(f"not XML: {error}") from error
    if root.tag != "Response":
        raise Wrong(f"the document is a {root.tag}, not a Response")
    return root


def spoken_seconds(text: str) -> float:
    """Return how long words last when read out."""
    return min(max(len(text) * _SECONDS_A_SIGN, _LEAST), _MOST)


def _verb(element: Element) -> Verb:
    known = _VERBS.get(element.tag)
    if known is None:
        raise Wrong(f"{element.tag} is not known here")
    return known(element)


def _say(element: Element) -> Say:
    return Say(
        "".join(element.itertext()).strip(), element.get("language", ""), int(element.get("loop", "1"))
    )


def _play(element: Element) -> Play:
    return Play((element.text or "").strip())


def _pause(element: Element) -> Pause:
    return Pause(float(element.get("length", "1")))


def _gather(element: Element) -> Gather:
    prompts = []
    for one in element:
        verb = _verb(one)
        if not isinstance(verb, Say | Play | Pause):
            raise Wrong(f"{one.tag} cannot stand in a Gather")
        prompts.append(verb)
    digits = element.get("numDigits")
    return Gather(
        prompts=tuple(prompts),
        action=element.get("action"),
        method=element.get("method", "POST"),
        num_digits=int(digits) if digits else None,
        timeout=float(element.get("timeout", "5")),
        finish_on_key=element.get("finishOnKey", "#"),
        on_empty=element.get("actionOnEmptyResult", "false") == "true",
    )


def _dial(element: Element) -> Dial:
    numbers = list(element)
    if len(numbers) > 1 or (numbers and numbers[0].tag != "Number"):
        raise Wrong("a Dial is given exactly one Number here")
    number = numbers[0] if numbers else element
    return Dial(
        number=_number(number),
        action=element.get("action"),
        method=element.get("method", "POST"),
        timeout=float(element.get("timeout", "30")),
        caller_id=element.get("callerId"),
        record=element.get("record", "do-not-record") not in ("do-not-record", "false"),
        recording_callback=element.get("recordingStatusCallback"),
    )


def _number(element: Element) -> Number:
    to = (element.text or "").strip()
    if not to:
        raise Wrong("a Dial without a number")
    inner = element.tag == "Number"
    return Number(
        to=to,
        url=element.get("url") if inner else None,
        method=element.get("method", "POST") if inner else "POST",
        callback=element.get("statusCallback"),
        callback_events=tuple(element.get("statusCallbackEvent", "completed").split()),
        callback_method=element.get("statusCallbackMethod", "POST"),
    )


def _record(element: Element) -> Record:
    return Record(
        action=element.get("action"),
        method=element.get("method", "POST"),
        max_length=float(element.get("maxLength", "3600")),
        callback=element.get("recordingStatusCallback"),
    )


def _redirect(element: Element) -> Redirect:
    return Redirect((element.text or "").strip(), element.get("method", "POST"))


def _hangup(_element: Element) -> Hangup:
    return Hangup()


def _reject(element: Element) -> Reject:
    return Reject(element.get("reason", "rejected"))


_VERBS: dict[str, Callable[[Element], Verb]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Dial": _dial,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
