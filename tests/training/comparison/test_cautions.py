from training.comparison.cautions import beside_published, cautions
from training.tested_scans import Whole

TRUE = [0, 1, 2, 3]


def test_honest_models_on_their_own_data_are_only_held_against_the_published_test(comparison):
    made = comparison(TRUE, TRUE, TRUE)
    assert cautions(made) == []
    only = beside_published(made)
    assert only.startswith("The published figures are shown for orientation only")
    assert "1,311 official test images, and this test has 4 scans" in only
    assert "A and B from the honest one" in only


def test_models_of_different_protocols_are_told_apart(comparison, contender):
    both = [contender("A"), contender("B", protocol="published")]
    first, *_ = cautions(comparison(TRUE, TRUE, TRUE, contenders=both))
    assert "A honest, B published" in first


def test_a_published_model_tested_on_copies_of_its_training_scans_is_named(comparison, contender):
    both = [contender("A", protocol="published"), contender("B", protocol="published")]
    said = [0, 1, 2, 0]
    made = comparison(TRUE, said, said, contenders=both, leaked=[True, True, False, False])
    first, second, *_ = cautions(made)
    assert first.startswith("A was trained under the published protocol on made, this data set")
    assert "2 of 4 scans tested have a copy" in first
    assert "on the 2 others it is 50.0\N{NO-BREAK SPACE}%" in first
    assert second.startswith("B ")


def test_no_copies_no_warning_of_them(comparison, contender):
    both = [contender("A", protocol="published"), contender("B", protocol="published")]
    made = comparison(TRUE, TRUE, TRUE, contenders=both, leaked=[False] * 4)
    assert not any("copy" in sentence for sentence in cautions(made))


def test_scans_that_may_have_been_trained_on_are_pointed_out(comparison, contender):
    both = [contender("A"), contender("B", data=("elsewhere",))]
    whole = Whole("made", 4, training=3, validation=0, known_as=frozenset({"made"}))
    found = cautions(comparison(TRUE, TRUE, TRUE, contenders=both, whole=whole))
    assert any(
        "all of its 4 scans were tested, 3 of them from its training part. A was trained on a data set"
        in one
        for one in found
    )
    assert any(
        "By the names on the cards, B was trained on other data sets" in one for one in found
    )


def test_a_record_goes_before_the_name_of_a_data_set(comparison, monkeypatch):
    monkeypatch.setattr("training.comparison.cautions.trained_by", lambda _pack: frozenset())
    whole = Whole("made", 4, training=3, validation=0, known_as=frozenset({"made"}))
    text = " ".join(cautions(comparison(TRUE, TRUE, TRUE, whole=whole)))
    assert "all of its 4 scans were tested" in text
    assert "many of these scans" not in text


def test_classes_that_were_not_tested_are_named(comparison):
    made = comparison(TRUE, TRUE, TRUE)
    assert not any("was tested" in one for one in cautions(made))
    first, *_ = cautions(comparison([0, 1, 0, 1], TRUE, TRUE))
    others = " and ".join(made.display_names[2:])
    assert first == f"No scan of {others} was tested: the figures cover only the other classes."


def test_unreadable_scans_are_counted(comparison):
    found = cautions(comparison(TRUE, TRUE, TRUE, unreadable=["x.png is broken."]))
    assert found[-1] == "1 scan could not be read and is not counted for any model."
