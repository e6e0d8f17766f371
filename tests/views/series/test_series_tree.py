import gc
from dataclasses import replace

import pytest

from btgui.engine.studies.index import index_places
from btgui.engine.studies.series import Slice
from btgui.views.series.series_tree import SeriesTree
from btgui.views.thumbnail_loader import ThumbnailLoader
from tools.make_series import make_series


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    make_series(folder, slices=4, size=32)
    (found,) = index_places([folder]).series
    return replace(found, study_date="20260304", study_description="MRI brain")


@pytest.fixture
def tree(qtbot):
    loader = ThumbnailLoader()
    tree = SeriesTree(loader)
    qtbot.addWidget(tree)
    tree.resize(250, 400)
    yield tree
    loader.close()


def study_of(tree):
    return tree.topLevelItem(0).child(0)


def test_a_study_has_its_date_and_description_unless_the_patient_is_hidden(tree, series):
    tree.show_series([series])
    assert study_of(tree).text(0) == "Study 1, 2026-03-04\nMRI brain"
    tree.set_patient_visible(False)
    assert study_of(tree).text(0) == "Study 1"
    assert "brain" not in study_of(tree).toolTip(0)
    tree.show_series([series])
    assert study_of(tree).text(0) == "Study 1"


def test_a_series_is_told_by_its_number_while_the_patient_is_hidden(tree, series):
    named = replace(series, description="T1 DOE JANE", number=7)
    by_file = replace(named, key="volume", description="sub-01_T1w", named_by_file=True)
    tree.show_series([named, by_file])
    tree.set_verdict(named, "Glioma", "Slices may be missing.")
    item, volume = study_of(tree).child(0), study_of(tree).child(1)
    before = item.text(0), item.toolTip(0)
    tree.set_patient_visible(False)
    title, facts, verdict = item.text(0).splitlines()
    assert (title, verdict) == ("Series 7", "Glioma  \N{WARNING SIGN}")
    assert facts == before[0].splitlines()[1]
    assert "DOE" not in item.toolTip(0)
    assert "Slices may be missing." in item.toolTip(0)
    assert volume.text(0).startswith("sub-01_T1w\n")
    tree.set_patient_visible(True)
    assert (item.text(0), item.toolTip(0)) == before


def test_without_a_description_the_modality_stands_for_it(tree, series):
    tree.show_series([replace(series, study_date="", study_description="")])
    assert study_of(tree).text(0) == "Study 1\nMR"


def test_a_series_with_findings_is_marked_and_its_tooltip_says_why(tree, series):
    odd = replace(series, key="odd", findings=("Slices may be missing.",))
    tree.show_series([series, odd])
    plain, marked = (study_of(tree).child(n) for n in (0, 1))
    assert "\N{WARNING SIGN}" not in plain.text(0)
    name, facts = marked.text(0).splitlines()
    assert name.endswith("\N{WARNING SIGN}")
    assert facts == plain.text(0).splitlines()[1]
    assert "Slices may be missing." in marked.toolTip(0)


def test_a_volume_of_a_series_has_a_line_of_its_own(tree, series):
    tree.show_series([replace(series, volume="echo 2 (TE 98 ms)")])
    row = study_of(tree).child(0)
    assert row.text(0).splitlines()[:2] == ["T1 post contrast", "echo 2 (TE 98 ms)"]
    assert "T1 post contrast, echo 2 (TE 98 ms)" in row.toolTip(0)


def test_a_header_s_words_are_no_markup_in_the_tooltip(tree, series):
    tree.show_series([replace(series, description="<b>T1</b>")])
    assert "&lt;b&gt;T1" in study_of(tree).child(0).toolTip(0)


def test_thumbnails_are_made_of_the_rows_that_are_looked_at(tree, series, qtbot):
    many = []
    for number in range(260):
        address = replace(series.slices[0].address, frame=number)  # frame 0 alone is there
        one = Slice(address, 1, None, None, None)
        many.append(replace(series, key=str(number), slices=(one,)))
    asked = []
    tree._loader.ask = lambda place: asked.append(place.frame)
    tree.show_series(many)
    tree.show()
    qtbot.waitUntil(lambda: bool(asked))
    assert 0 in asked
    assert max(asked) < 20
    asked.clear()
    tree.verticalScrollBar().setValue(tree.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: 259 in asked)
    assert min(asked) > 200


def test_what_has_come_is_not_asked_for_again(tree, series, qtbot):
    tree.show_series([series])
    with qtbot.waitSignal(tree._loader.thumbnail_ready):
        tree.show()
    asked = []
    tree._loader.ask = asked.append
    tree.viewport().repaint()
    assert asked == []


def test_series_stand_in_the_order_that_is_seen_and_can_be_asked_for(tree, series, qtbot):
    assert tree.in_order() == []
    assert tree.chosen() is None
    first, other, second = (
        replace(series, key=key, study=study)
        for key, study in (("first", "a"), ("other study", "b"), ("second", "a"))
    )
    tree.show_series([first, other, second])
    study_of(tree).setExpanded(False)  # those that are folded away count too
    assert tree.in_order() == [first, second, other]
    with qtbot.waitSignal(tree.series_requested) as asked:
        tree.ask_for(second)
    assert asked.args == [second]
    assert tree.chosen() == second
    assert tree.currentItem().parent() is study_of(tree)


def test_their_order_can_be_asked_for_again_and_again_and_leaves_nothing_in_memory(tree, series):
    tree.show_series([series])
    tree.in_order()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(50):
        assert tree.in_order() == [series]
    gc.collect()
    assert len(gc.get_objects()) < before + 25


def test_a_series_is_marked_without_being_asked_for(tree, series, qtbot):
    tree.show_series([series, replace(series, key="other", description="Other")])
    with qtbot.assertNotEmitted(tree.series_requested):
        tree.mark(replace(series, key="other"))
    assert tree.currentItem().text(0).startswith("Other")
