from itertools import permutations
from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan
from training.auditing.pairs import (
    Pair,
    PairsSeen,
    across_classes,
    across_splits,
    groups_within,
    in_turn,
    nearly_only,
    spoilt,
)


def scan(name, split="train", label="glioma"):
    return LabelledScan(Path(name), label, split, "made")


def pair(first, second, kind="copy", transform="as it is", similarity=0.98):
    return Pair(first, second, kind, transform, similarity)


def seen(pairs):
    found = PairsSeen()
    for one in pairs:
        found.add(one)
    return found


def test_a_pair_across_splits_begins_with_the_split_that_the_other_spoils():
    turned = pair(scan("a"), scan("b", "validation"), transform="quarter turn")
    (found,) = across_splits([turned])
    assert (found.first.path.name, found.second.path.name) == ("b", "a")
    assert (found.between, found.transform) == (("validation", "train"), "three-quarter turn")
    open_split = [pair(scan("a", ""), scan("b", "test")), pair(scan("a"), scan("b"))]
    assert across_splits(open_split) == []
    closer = pair(scan("c"), scan("b", "validation"), similarity=0.99)
    assert [one.second.path.name for one in across_splits([turned, closer])] == ["c", "a"]


def test_scans_are_counted_once_and_as_near_only_without_a_copy():
    test = [scan(name, "test") for name in "ab"]
    leaks = [
        pair(test[0], scan("x")),
        pair(test[0], scan("y"), "near"),
        pair(test[1], scan("x"), "near"),
    ]
    assert spoilt(leaks, ("test", "train")) == (1, 1)
    assert spoilt(leaks, ("validation", "train")) == (0, 0)


def test_near_pairs_of_two_classes_come_last():
    other = scan("c", label="notumor")
    pairs = [pair(scan("a"), other, "near"), pair(scan("b"), other), pair(scan("a"), scan("b"))]
    assert [one.kind for one in across_classes(pairs)] == ["copy", "near"]


def test_groups_are_linked_by_copies_and_looser_ones_by_near_copies_too():
    a, b, c, d, e, f = (scan(name) for name in "abcdef")
    pairs = [
        pair(a, b, "identical", similarity=1.0),
        pair(b, c),
        pair(c, d, "near", similarity=0.94),
        pair(e, f, "near", similarity=0.95),
        pair(a, scan("t", "test")),
    ]
    found = seen(pairs)
    (tight,) = groups_within(found, near=False)
    assert ([one.path.name for one in tight.scans], tight.kind) == (["a", "b", "c"], "copy")
    first, second = groups_within(found, near=True)
    assert [one.path.name for one in first.scans] == ["a", "b", "c", "d"]
    assert (first.kind, first.similarity) == ("near", 0.94)
    assert [one.path.name for one in second.scans] == ["e", "f"]
    assert nearly_only([tight], [first, second]) == {"glioma": 3}
    assert found.kept == pairs[-1:]


def test_a_group_knows_its_loosest_link_whichever_comes_last():
    a, b, c = (scan(name) for name in "abc")
    links = [
        pair(a, b, "near", similarity=0.94),
        pair(a, c, similarity=0.99),
        pair(b, c, similarity=0.98),
    ]
    for order in permutations(links):
        (group,) = groups_within(seen(order), near=True)
        assert (group.kind, group.similarity) == ("near", 0.94)


def test_what_is_shown_first_holds_every_kind_and_class():
    labels = ("glioma", "pituitary")
    pairs = [
        pair(
            scan(f"{label}{kind}{transform}{n}", "test", label),
            scan("x", label=label),
            kind,
            transform,
        )
        for label in labels
        for kind, transform in (("copy", "mirrored"), ("copy", "half turn"), ("near", "mirrored"))
        for n in range(5)
    ]
    first = in_turn(pairs)[:8]
    assert {(one.kind, one.first.label) for one in first[:4]} == {
        (kind, label) for kind in ("copy", "near") for label in labels
    }
    assert {one.transform for one in first if one.kind == "copy"} == {"mirrored", "half turn"}
    assert len(in_turn(pairs)) == len(pairs)
