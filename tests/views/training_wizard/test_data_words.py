import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.listing import Listing, Unused
from btgui.views.training_wizard.data_words import (
    healthy_in_words,
    probably_meant,
    split_in_words,
    summary,
    unused_in_words,
)


@pytest.fixture
def listing(tmp_path):
    """Return a function that makes a listing with the given number of scans of each split."""

    def make(**counts):
        scans = [
            LabelledScan(tmp_path / f"{split}{n}.png", f"class {n % 2}", split.strip("_"), "s")
            for split, count in counts.items()
            for n in range(count)
        ]
        return Listing(tmp_path, scans, ())

    return make


def test_scans_and_classes_are_counted(listing):
    assert summary(listing(train=1500, test=2)) == "1,502 scans in 2 classes"


@pytest.mark.parametrize(
    ("names", "known"),
    [
        ({"Gliom": "Gliom", "Kontrolle": "Kontrolle"}, False),
        ({"Gliom": "Gliom", "Kontrolle": "no tumour"}, True),
        ({"Gliom": "Gliom", "normal": "Unauffällig"}, True),
        ({"normal": "normal", "healthy": "healthy"}, False),
    ],
)
def test_a_class_without_tumour_that_is_not_known_is_told(names, known):
    assert (healthy_in_words(names) == "") == known


def test_a_given_test_part_is_named(listing):
    words = split_in_words(listing(train=75, test=25), 0.15, 0.2)
    assert words.startswith("The data set has its own test part: 25 of 100 scans (25 %).")
    assert words.endswith("20 % of the others choose the best epoch (validation).")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            "test",
            "None of them is of “b”: the result will not tell how well the network recognises it.",
        ),
        (
            "validation",
            "has 2 scans, none of them of “b”: the best epoch is chosen without regard to it.",
        ),
    ],
)
def test_a_class_that_a_part_lacks_is_named(tmp_path, part, said):
    of = (("a", part), ("a", "train"), ("a|b", part), ("b", "train"))
    scans = [LabelledScan(tmp_path / f"{n}.png", *one, "s") for n, one in enumerate(of)]
    words = split_in_words(Listing(tmp_path, scans, ()), 0.15, 0.2)
    assert said in words
    scans.append(LabelledScan(tmp_path / "5.png", "b", part, "s"))
    assert "“b”" not in split_in_words(Listing(tmp_path, scans, ()), 0.15, 0.2)


def test_the_best_epoch_is_chosen_on_scans_of_a_source_without_a_validation_part_too(tmp_path):
    of = (("a", "validation", "s"), ("a", "train", "s"), ("b", "train", "other"))
    scans = [LabelledScan(tmp_path / f"{n}.png", *one) for n, one in enumerate(of)]
    assert "“b”" not in split_in_words(Listing(tmp_path, scans, ()), 0.15, 0.2)


def test_a_test_part_alone_leaves_nothing_to_learn_from(listing):
    words = split_in_words(listing(test=48), 0.15, 0.2)
    assert words.startswith("All 48 scans are in the test part: none is left to train on.")
    assert "%" not in words


def test_without_one_it_is_said_what_is_kept(listing):
    assert "15 % of the scans of each class are set aside" in split_in_words(
        listing(_=20), 0.15, 0.2
    )


def test_parts_within_class_folders_are_said_to_count_for_nothing(tmp_path):
    scans = [
        LabelledScan(tmp_path / label / part / "1.png", label, "", "s")
        for label in ("a", "b")
        for part in ("Test", "Validation", "train", "session 1")
    ]
    words = split_in_words(Listing(tmp_path, scans, ()), 0.15, 0.2)
    assert words.startswith(
        "Folders called Test, Validation and train within the class folders are"
    )
    assert "The data set has no test part" in words


def test_a_given_validation_part_is_named(listing):
    assert "validation part has 5 scans" in split_in_words(
        listing(train=10, test=5, validation=5), 0.15, 0.2
    )


@pytest.mark.parametrize(
    ("unused", "words"),
    [
        (Unused("outside", 1, ("a.png",)), "1 scan is in no class folder"),
        (Unused("outside", 9, ("a.png", "b.png")), "a.png, b.png …"),
        (Unused("empty", 2, ("a", "b")), "2 folders contain no scans: a, b"),
        (Unused("other", 3, (".txt",)), "3 files were skipped: they are not scans: .txt"),
    ],
)
def test_what_is_not_used_is_said_in_the_right_number(unused, words):
    assert words in unused_in_words(unused)


def test_a_folder_above_is_not_called_a_part_of_the_one_inside(tmp_path):
    whole = tmp_path / "Scans"
    assert probably_meant(whole / "Training", whole).startswith(
        "Training is only one part of Scans"
    )
    words = probably_meant(tmp_path, whole)
    assert words.startswith(f"Scans, inside {tmp_path.name}, has parts")
    assert "only one part" not in words
