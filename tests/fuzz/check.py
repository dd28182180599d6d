"""What must hold of whatever a codec makes of whatever comes."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from devices import codecs, thing_models, values
from devices.messages import (
    ALARM,
    IGNORED,
    LEARNED,
    LONGEST_ID,
    LONGEST_KEY,
    STATUS,
    TELEMETRY,
    Message,
    Rejected,
    key_of,
)
from gateway import hub_memory, receipts
from gateway.heard import Uplink, clock
from tests.fuzz import mutations, seeds

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
SLOWEST_S = 1.0
_ANSWER = "answer"
_KINDS = {TELEMETRY, ALARM, STATUS, IGNORED, LEARNED, _ANSWER}
_LONGEST_ADDRESS = 300
_MOST_MEMORY = 200


@dataclass
class Tally:
    """What became of the mutants of one ecosystem."""

    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    memory: dict[str, Any] = field(default_factory=dict)
    slowest_s: float = 0.0


def run(ecosystem: str, count: int, seed: int) -> Tally:
    """Decode mutants of one ecosystem's messages; raise AssertionError at the first that breaks a promise."""
    rng = random.Random(f"{ecosystem} {seed}")  # noqa: S311 - repeatable on purpose
    tally = Tally()
    found = seeds.by_ecosystem()[ecosystem]
    for nth in range(count):
        topic, payload = rng.choice(found)
        if nth >= len(found):
            topic, payload = mutations.mutated(rng, topic, payload)
        try:
            one(topic, payload, tally)
        except Exception as error:
            raise AssertionError(f"{ecosystem} {nth}: {topic!r} {payload[:2000]!r}") from error
    return tally


def one(topic: str, payload: bytes, tally: Tally) -> None:
    """Decode one message and check what comes out."""
    began = time.perf_counter()
    try:
        said = codecs.decode(topic, payload, NOW, lambda _hub, _ecosystem: tally.memory)
    except Rejected as wrong:
        tally.reasons[wrong.reason] += 1
        _check_refusal(Uplink(topic, payload, NOW), wrong)
        return
    finally:
        tally.slowest_s = max(tally.slowest_s, time.perf_counter() - began)
    assert said, "a message that is understood says something, if only that it says nothing"
    for message in said:
        tally.kinds[message.kind] += 1
        _check(message)
        receipts.reply(Uplink(topic, payload, NOW), message)
        _remember(message, tally.memory)


def _check_refusal(uplink: Uplink, wrong: Rejected) -> None:
    assert wrong.reason.isidentifier()
    assert wrong.reason != "poison", wrong.field
    assert len(wrong.field or "") <= _LONGEST_ADDRESS
    receipts.refusal(uplink, wrong)


def _check(message: Message) -> None:
    assert message.kind in _KINDS
    assert message.addresses
    for address in message.addresses:
        assert _is_text(address, _LONGEST_ADDRESS), address
    assert message.model is None or message.model in thing_models.all_()
    assert message.at is None or message.at.tzinfo is not None
    if message.kind in {IGNORED, LEARNED, _ANSWER}:
        return
    assert message.kind == STATUS or _is_text(message.id, LONGEST_ID), message.id
    assert (message.kind == ALARM) is (message.alarm is not None) or message.alarm is None
    assert message.alarm is None or message.alarm in thing_models.alarm_types()
    key_of(message.id)
    _check_values(message)


def _check_values(message: Message) -> None:
    """Check as the pipeline does: what is refused there is a dead letter, what passes must be storable."""
    try:
        _, extras, good = values.check(message.values, thing_models.metrics())
        clock(message, NOW)
    except Rejected:
        return
    for name, text, _ in extras:
        assert _is_text(name, 64)
        assert _is_text(text, 1 << 20)
    assert all(isinstance(value, bool | int | float) for value in good.values())


def _is_text(text: object, longest: int) -> bool:
    """Say whether the database can hold a text."""
    if not isinstance(text, str) or not text or len(text) > longest or "\0" in text:
        return False
    text.encode()
    return True


def _remember(message: Message, memory: dict[str, Any]) -> None:
    if message.learned is None:
        return
    key, data = message.learned
    assert _is_text(key, LONGEST_KEY)
    if data is None:
        memory.pop(key, None)
    elif (text := values.as_json(data)) is not None and len(text) <= hub_memory.MOST_OF_ONE:
        memory[key] = data
        if len(memory) > _MOST_MEMORY:
            memory.pop(next(iter(memory)))
