"""`yinling rules replay`: a recorded home on its own clock through the very rules that run live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from devices import thing_models, values
from devices.messages import IGNORED, LEARNED, STATUS, Message, Rejected
from gateway.kit_files import Kit, name_of
from gateway.recorded import Line, Remembered, read
from gateway.rules import book, engine, silence
from gateway.rules.book import Book
from gateway.rules.memory import Device, Raised, Seen, Watch
from gateway.rules.silence import Habit, silent

_DAY, _LOOK = timedelta(days=1), timedelta(minutes=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Replay:
    """One home: what its rules remember, and what they have raised."""

    kit: Kit
    rules: Book
    has_mat: bool
    watch: Watch = field(default_factory=Watch)
    raised: list[tuple[Raised, str]] = field(default_factory=list)
    own: list[dict[str, Any]] = field(default_factory=list)
    seen_at: dict[str, tuple[Device, datetime]] = field(default_factory=dict)
    habits: dict[str, Habit] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    looked_at: datetime = _LONG_AGO
    messages: int = 0
    rejected: int = 0
    _ids: set[tuple[str, str]] = field(default_factory=set)
    _remembered: Remembered = field(default_factory=Remembered)

    def pass_to(self, at: datetime) -> None:
        """Let time pass: what the sweep does live."""
        self._keep(engine.sweep(self.watch, self.rules, at))
        if at < self.looked_at + _LOOK:
            return
        self.looked_at = at
        for name, (device, seen_at) in self.seen_at.items():
            limit_s = self._limit_s(device)
            if name not in self.silent and limit_s and silence.is_over(seen_at, limit_s, at):
                self.silent.add(name)
                self._keep([silent(name, seen_at, seen_at + timedelta(seconds=limit_s))])

    def finish(self, at: datetime) -> None:
        """Let what was waited for happen after the last message; that nobody speaks then says nothing."""
        self._keep(engine.sweep(self.watch, self.rules, at))

    def _limit_s(self, device: Device) -> float | None:
        """Return how long a device may be silent: by the kit, or its model and habit (None: for ever)."""
        if self.rules.silence is None:
            return None
        declared = self.kit.silent_after_s.get(device.id)
        if declared is not None:
            return declared * self.rules.silence.factor
        habit = self.habits.get(device.id) if silence.is_of_changes(device.model) else None
        return self.rules.silence.limit_s(device.model.silent_after_s, habit)

    def hear(self, line: Line) -> None:
        """Take one recorded message: what the pipeline does live."""
        assert line.at is not None  # noqa: S101 - the reader asked for it
        self.first, self.last = self.first or line.at, line.at
        self.pass_to(line.at)
        self.messages += 1
        try:
            for message in self._remembered.decode(line, line.at):
                if message.kind not in {IGNORED, LEARNED}:
                    self._take(line, message, line.at)
        except Rejected:
            self.rejected += 1

    def _take(self, line: Line, message: Message, at: datetime) -> None:
        device = self._device(line, message)
        _, _, good = values.check(message.values, device.model.metrics)
        if message.id and (device.id, message.id) in self._ids:
            return
        self._ids.add((device.id, message.id))
        self._judge(message, device, good, at)

    def _device(self, line: Line, message: Message) -> Device:
        found = self.kit.devices.get(line.raw_topic)
        return found or self.kit.find(line.topic, message.values)

    def _judge(self, message: Message, device: Device, good: dict[str, float], at: datetime) -> None:
        self._note(device, good, at)
        self.silent.discard(device.id)
        if message.alarm is not None:
            self.own.append({"type": message.alarm, "device": device.id, "at": at.isoformat()})
        if message.kind == STATUS:
            good = {"online": bool(message.is_online)}
        self._heard(device, good, at)

    def take(self, device: Device, good: dict[str, float], at: datetime) -> None:
        """Take what is stored already: values that were checked when they came."""
        self.first, self.last = self.first or at, at
        self.pass_to(at)
        self.messages += 1
        self._note(device, good, at)
        self._heard(device, good, at)

    def _heard(self, device: Device, good: dict[str, float], at: datetime) -> None:
        if good:
            seen = Seen(device, at, 0.0, good)
            found, _ = engine.hear(self.watch, seen, self.rules, has_mat=self.has_mat)
            self._keep(found)

    def _note(self, device: Device, good: dict[str, float], at: datetime) -> None:
        """Remember when a device spoke, and how it does."""
        metrics = device.model.metrics
        is_move = any(metrics[name].is_activity for name in good if name in metrics)
        is_pulse = any(name in metrics and not metrics[name].is_activity for name in good)
        before = self.seen_at.get(device.id)
        gap_s = (at - before[1]).total_seconds() if before and is_move else None
        self.habits[device.id] = self.habits.get(device.id, Habit()).said(gap_s, is_pulse=is_pulse)
        self.seen_at[device.id] = (device, at)

    def _keep(self, raised: Iterable[Raised]) -> None:
        raised = list(raised)
        if not raised:
            return
        known = {one.message_id for one, _ in self.raised}
        self.raised += [
            (one, thing_models.alarm_types()[one.type].class_)
            for one in raised
            if one.message_id not in known
        ]

    def alarms(self) -> list[dict[str, Any]]:
        """Return every alarm with the readings behind it, in the order of time."""
        rows: list[dict[str, Any]] = [
            {
                "at": one.at.isoformat(),
                "type": one.type,
                "class": class_,
                "rule": one.rule,
                "device": one.device,
                "since": one.episode.isoformat(),
                "readings": one.evidence,
            }
            for one, class_ in self.raised
        ]
        rows += [
            {**one, "class": "care", "rule": None, "since": one["at"], "readings": []} for one in self.own
        ]
        return sorted(rows, key=lambda row: str(row["at"]))

    def figures(self) -> dict[str, Any]:
        """Return how often each rule raised, a person-day."""
        days = (self.last - self.first) / _DAY if self.first and self.last else 0.0
        days = max(days, 1e-9)
        counts: dict[str, int] = {}
        for one, _ in self.raised:
            counts[one.rule] = counts.get(one.rule, 0) + 1
        care = sum(class_ == "care" for _, class_ in self.raised)
        return {
            "messages": self.messages,
            "rejected": self.rejected,
            "person_days": round(days, 3),
            "alarms": len(self.raised) + len(self.own),
            "alarms_per_person_day": round((len(self.raised) + len(self.own)) / days, 3),
            "care_alarms_per_person_day": round(care / days, 3),
            "by_rule": {
                rule: {"alarms": count, "per_person_day": round(count / days, 3)}
                for rule, count in sorted(counts.items())
            },
        }


def run(
    lines: Iterable[str], kit: Kit | None = None, rules: Book | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Replay a log; return the alarms and the figures. One log is one home."""
    given = kit or Kit({})
    log = sorted(read(lines), key=lambda line: line.at)  # type: ignore[arg-type, return-value]
    has_mat = _has_mat(log, given)
    replay = Replay(given, rules or book.compile_(), has_mat)
    for line in log:
        replay.hear(line)
    if replay.last is not None:
        replay.finish(replay.last + timedelta(hours=1))
    return replay.alarms(), replay.figures()


def _has_mat(log: Sequence[Line], kit: Kit) -> bool:
    names = {name_of(line.topic) for line in log}
    named = {device.id: device for device in kit.devices.values()}
    if any("in_bed" in named[name].model.metrics for name in names if name in named):
        return True
    return any(b"in_bed" in line.payload for line in log if name_of(line.topic) not in named)


def text_of(alarms: Iterable[dict[str, Any]]) -> str:
    """Return alarms as JSON lines."""
    return "".join(msgspec.json.encode(one).decode() + "\n" for one in alarms)
