import pytest

from benchmarks.comparing import compare
from benchmarks.targets import TARGETS
from benchmarks.timing import alternately


def result(processor="A processor", **ratios):
    names = {name.replace("_", "-"): ratio for name, ratio in ratios.items()}
    return {"machine": {"processor": processor}, "ratios": names}


def test_less_than_a_tenth_is_noise():
    lines, good = compare(result(folder=0.80, memory=0.60), result(folder=0.74, memory=0.65))
    assert good
    assert [line.split()[-1] for line in lines] == ["same", "same"]


@pytest.mark.parametrize(
    ("after", "word"), [({"folder": 0.60}, "WORSE"), ({"folder": 0.95}, "better")]
)
def test_of_a_share_more_is_better(after, word):
    lines, good = compare(result(folder=0.80), result(**after))
    assert lines[0].endswith(word)
    assert good == (word == "better")


def test_of_a_cost_less_is_better():
    lines, good = compare(result(first_verdict=0.3), result(first_verdict=0.2))
    assert good
    assert lines[0].endswith("better")
    assert not compare(result(first_verdict=0.2), result(first_verdict=0.3))[1]


def test_another_processor_is_told():
    lines, _ = compare(result(folder=0.8), result("Another", folder=0.8))
    assert "different processors" in lines[-1]


def test_targets_are_told_apart_and_met_at_their_limit():
    assert len({target.name for target in TARGETS}) == len(TARGETS)
    for target in TARGETS:
        worse = target.limit * (0.99 if target.at_least else 1.01)
        assert target.is_met(target.limit)
        assert not target.is_met(worse)


def test_ways_are_timed_in_turn():
    done = []
    times = alternately({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, seconds=0)
    assert "".join(done) == "ab" * 6  # the first round does not count
    assert set(times) == {"a", "b"}
