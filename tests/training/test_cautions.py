from dataclasses import replace
from pathlib import Path

import numpy as np

from btgui.engine.datasets.dataset import LabelledScan
from tests.dicom_files import dicom_test_file
from training.cautions import (
    no_test_part,
    other_split,
    partly_known,
    partly_read,
    recorded_datasets,
    trained_elsewhere,
    trained_on_copies,
)
from training.tested_scans import Tested, Whole, as_read

FREE = {"count": 1200, "accuracy": 0.9}


def card(tiny_pack, **request):
    return replace(tiny_pack.card, training={"request": request} if request else {})


MADE = frozenset({"made"})


def choice(*wholes):
    return Tested(("made",), [], [], wholes, frozenset({"made"}))


def test_what_a_card_does_not_record_is_published_and_unknown(tiny_pack):
    bare = card(tiny_pack)
    assert (bare.protocol, recorded_datasets(bare)) == ("published", ())
    full = card(tiny_pack, protocol="honest", datasets=["made"])
    assert (full.protocol, recorded_datasets(full)) == ("honest", ("made",))


def test_a_published_model_is_told_of_copies_and_an_honest_one_is_not(tiny_pack):
    leaked = np.array([True] * 1500 + [False] * 1200)
    published = card(tiny_pack, protocol="published", datasets=["made"])
    text = trained_on_copies("Mine", published, choice(), leaked, FREE)
    assert text.startswith("Mine was trained under the published protocol on made, this data set")
    assert "1,500 of 2,700 scans tested have a copy" in text
    assert "on the 1,200 others it is 90.0" in text
    honest = card(tiny_pack, protocol="honest", datasets=["made"])
    assert trained_on_copies("Mine", honest, choice(), leaked, FREE) == ""
    assert trained_on_copies("Mine", published, choice(), None, None) == ""


def test_a_data_set_without_a_test_part_is_named_with_what_it_gave(tiny_pack):
    other = [("Mine", card(tiny_pack, datasets=["elsewhere"]))]
    own = [("Mine", card(tiny_pack, datasets=["made"]))]
    whole = Whole("made", 1200, training=1000, validation=200, known_as=MADE)
    text = no_test_part(other, choice(whole))
    assert text == (
        "made names no test scans, so all of its 1,200 scans were tested, 1,000 of them from its "
        "training part and 200 from its validation part."
    )
    assert "Mine was trained on a data set of this name" in no_test_part(own, choice(whole))
    assert no_test_part(own, choice()) == ""
    # The data set that the model knows by name is another of those tested, and names its test.
    table = Whole("table.csv", 9, training=0, validation=0, known_as=frozenset({"table.csv"}))
    assert no_test_part(own, choice(table)).endswith("all of its 9 scans were tested.")


def test_scans_that_could_not_be_read_are_not_said_to_be_tested(tiny_pack):
    scans = [LabelledScan(Path(f"{n}.png"), "x", "train", "made") for n in range(68)]
    tested = as_read(choice(Whole.of("made", scans, MADE)), scans[:56])
    text = no_test_part([("Mine", card(tiny_pack, datasets=["elsewhere"]))], tested)
    assert text == (
        "made names no test scans, so 56 of its 68 scans were tested (12 could not be read), 56 of "
        "them from its training part."
    )


def test_a_model_from_elsewhere_may_know_the_scans_by_another_way(tiny_pack):
    text = trained_elsewhere([("Mine", card(tiny_pack, datasets=["elsewhere"]))], choice())
    assert text == (
        "By the names on the cards, Mine was trained on other data sets than this one. "
        "The training data may contain copies of the scans tested here."
    )
    assert trained_elsewhere([("Mine", card(tiny_pack, datasets=["made"]))], choice()) == ""
    assert trained_elsewhere([("Mine", card(tiny_pack))], choice()).startswith(
        "The training data of Mine is not recorded."
    )


def test_a_folder_that_was_added_is_of_the_data_set_above_it(tiny_pack):
    whole = Whole("made", 1200, training=0, validation=0, known_as=MADE)
    added = [("Mine", card(tiny_pack, datasets=["elsewhere"], added=[["made/glioma", "glioma"]]))]
    assert "Mine was trained on a data set of this name" in no_test_part(added, choice(whole))
    assert trained_elsewhere(added, choice(whole)) == ""
    text = trained_elsewhere(added, choice())
    assert "folders of this data set were added to the training data of Mine" in text
    assert "other data sets" not in text


def test_an_older_card_does_not_tell_of_which_data_set_its_added_folders_are(tiny_pack):
    older = card(tiny_pack, datasets=["elsewhere"], added=[["glioma", "glioma"]])
    text = trained_elsewhere([("Mine", older)], choice())
    assert text.startswith("By the names on the cards, Mine was trained on other data sets than")
    assert "their data sets are not recorded: this one may be among them" in text


def test_a_model_of_another_split_may_know_a_run_s_scans(tiny_pack):
    mine = replace(tiny_pack.card, dataset_fingerprint="a" * 64)
    assert other_split(mine, "a" * 64) == ""
    assert "with another split than this run's" in other_split(mine, "b" * 64)
    assert "is not recorded" in other_split(mine, "")
    for split in ("b" * 64, ""):
        assert "is not recorded" in other_split(replace(mine, dataset_fingerprint=""), split)


def test_scans_of_several_classes_are_said_to_be_left_out():
    tested = Tested(("made",), [], [], (), frozenset())
    assert partly_known(tested) == ""
    assert partly_known(replace(tested, unknown=1)) == (
        "Left out: 1 scan that may be of several classes."
    )
    assert "1,200 scans that" in partly_known(replace(tested, unknown=1200))


def test_files_of_which_the_first_picture_alone_is_tested_are_counted():
    names = ("MR_small.dcm", "SC_rgb_rle_2frame.dcm")
    read = [LabelledScan(dicom_test_file(name), "a", "test", "made") for name in names]
    assert partly_read(read).startswith("1 file holds several pictures, of which only the first")
    assert partly_read(read[:1]) == ""
