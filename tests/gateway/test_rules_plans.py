"""Which rules a kind of message meets, and that a message that changes nothing is passed at a glance."""

from datetime import UTC, datetime, timedelta

from devices import thing_models
from gateway.rules import book, engine, plans
from gateway.rules.memory import Device, Instance, Seen, Watch
from gateway.rules.plans import Plans

NIGHT = datetime(2026, 3, 1, 16, tzinfo=UTC)
MAT = Device("mat", thing_models.get("care_bed_v1"), "bedroom")
DOOR = Device("door", thing_models.get("care_bed_v1"), "entrance")


def _seen(values: dict[str, float], device: Device = MAT, minutes: float = 0) -> Seen:
    return Seen(device, NIGHT + timedelta(minutes=minutes), 0.0, values)


def test_a_rule_that_listens_to_two_values_is_met_once_and_motion_alone_only_without_a_mat() -> None:
    rules = book.compile_()
    both = _seen({"occupied": True, "open": True})
    without = [step.prefix for step in rules.steps(both, is_mat=False)]
    assert len(without) == len(set(without))
    assert set(without) - {step.prefix for step in rules.steps(both, is_mat=True)} == {"bed_exit/motion/"}


def test_the_same_kind_of_message_is_planned_once() -> None:
    rules = book.compile_()
    first = rules.steps(_seen({"heart_rate": 60}), is_mat=True)
    assert rules.steps(_seen({"heart_rate": 90}, minutes=3), is_mat=True) is first
    assert rules.steps(_seen({"heart_rate": 60}, DOOR), is_mat=True) is not first


def test_whoever_makes_up_kinds_of_messages_does_not_eat_the_memory() -> None:
    known, rules = Plans(), book.compile_()
    for nth in range(plans.MOST + 5):
        known.of(lambda _: rules.by_metric["battery"], rules.manners.get, _seen({f"m{nth}": 1}), is_mat=True)
    assert len(known) == 5


def test_a_heart_that_is_well_again_is_passed_at_a_glance_but_a_flag_that_ends_is_not() -> None:
    rules = book.compile_()
    (heart,) = (one for one in rules.steps(_seen({"heart_rate": 60}), is_mat=True) if 0 < one.high < 1_000)
    assert heart.is_plain(Instance(raised=NIGHT), _seen({"heart_rate": 60}))
    assert not heart.is_plain(Instance(raised=NIGHT), _seen({"heart_rate": 190}))
    assert not heart.is_plain(Instance(since=NIGHT), _seen({"heart_rate": 60}))
    (smoke,) = rules.steps(_seen({"smoke": False}), is_mat=True)
    assert not smoke.is_plain(Instance(is_on=True), _seen({"smoke": False}))


def test_a_sign_of_life_is_noted_once_a_minute_and_the_memory_is_left_alone_between() -> None:
    rules, watch = book.compile_(), Watch()
    told = [
        engine.hear(watch, _seen({"in_bed": True}, minutes=at), rules, has_mat=True)[1]
        for at in (0, 0.5, 0.9, 1, 1.5)
    ]
    assert told == [True, False, False, True, False]
    door = _seen({"in_bed": True, "open": True}, DOOR, minutes=1.6)
    assert next(one for one in rules.steps(door, is_mat=True) if one.prefix == "left_at_night/").every is None


def test_a_rule_that_is_asked_all_the_same_has_nothing_to_say_of_what_is_well() -> None:
    rules = book.compile_()
    for values in (dict[str, float](heart_rate=60), dict[str, float](open=False)):
        seen = _seen(values, DOOR)
        for rule in (entry.rule for entry in rules.by_metric[next(iter(values))]):
            one, key = Instance(), rule.key(seen)
            assert key is None or list(rule.hear(one, seen, key)) == []
            assert one.since is None


def test_a_sign_of_life_within_the_same_minute_leaves_the_first() -> None:
    (rule,) = (one.rule for one in book.compile_().by_metric["in_bed"] if one.name == "left_at_night")
    one = Instance()
    for minutes in (0, 0.5):
        assert list(rule.hear(one, _seen({"in_bed": True}, minutes=minutes), "left_at_night")) == []
    assert one.last == NIGHT
