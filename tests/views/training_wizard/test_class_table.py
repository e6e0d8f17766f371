import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.listing import Listing, list_dataset
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.class_table import ClassTable
from btgui.views.training_wizard.thumbnail import Thumbnail


@pytest.fixture
def table(qtbot):
    loader = ThumbnailLoader()
    table = ClassTable(loader)
    qtbot.addWidget(table)
    yield table
    loader.close()


def test_names_are_those_given_before_or_the_usual_ones(table, dataset):
    table.show_listing(list_dataset(dataset), {"glioma": "Glial tumour"})
    assert table.display_names() == {"glioma": "Glial tumour", "notumor": "No tumour"}
    assert table.names["glioma"].accessibleName() == "Name to show for glioma"
    table.names["glioma"].setText(" ")
    assert table.display_names()["glioma"] == "glioma"


def test_a_part_that_only_some_classes_have_is_counted(table, dataset):
    path = next((dataset / "Training" / "glioma").iterdir())
    of = (("glioma", "train"), ("glioma", "test"), ("glioma", "test"), ("notumor", "train"))
    table.show_listing(Listing(dataset, [LabelledScan(path, *one, "s") for one in of], ()), {})
    grid = table.widget().layout()
    rows = [[grid.itemAtPosition(row, n).widget().text() for n in (2, 3)] for row in range(3)]
    assert rows == [["Training", "Test"], ["1", "2"], ["1", "0"]]


def test_a_long_name_of_a_folder_is_not_cut(table, dataset):
    long = "a class whose folder has a name that goes on and on " * 2
    path = next((dataset / "Training" / "glioma").iterdir())
    scans = [LabelledScan(path, label, "", "s") for label in (long, "notumor")]
    table.show_listing(Listing(dataset, scans, ()), {})
    assert table.display_names()[long].casefold() == long.strip().casefold()


def test_a_long_name_of_a_folder_leaves_the_counts_and_scans_in_view(table, qtbot, dataset):
    long = "a class whose folder has a name that goes on and on " * 2
    path = next((dataset / "Training" / "glioma").iterdir())
    table.resize(700, 300)
    table.show()
    scans = [LabelledScan(path, label, "", "s") for label in (long, "notumor")]
    table.show_listing(Listing(dataset, scans, ()), {})
    qtbot.waitUntil(lambda: table.widget().width() == table.viewport().width())
    name = table.widget().layout().itemAtPosition(1, 0).widget()
    assert (name.text(), name.toolTip()) == (long, long)


def test_names_that_differ_only_in_case_are_repeated(table, dataset):
    table.show_listing(list_dataset(dataset), {"glioma": "NO tumour"})
    assert table.repeated_names() == ["NO tumour", "No tumour"]


def test_a_scan_of_one_of_several_classes_has_no_name_of_its_own(table, dataset):
    scans = list_dataset(dataset).scans
    scans.append(LabelledScan(scans[0].path, "glioma|notumor", "train", "more"))
    table.show_listing(Listing(dataset, scans, ()), {})
    assert set(table.names) == {"glioma", "notumor"}


def test_of_very_many_classes_fewer_scans_are_shown(table, dataset):
    path = next((dataset / "Training" / "glioma").iterdir())
    scans = [LabelledScan(path, f"class {n % 60}", "", "s") for n in range(600)]
    table.show_listing(Listing(dataset, scans, ()), {})
    assert len(table.findChildren(Thumbnail)) == 180


def test_only_pictures_that_are_seen_are_asked_for(table, qtbot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(table._loader, "ask", asked.append)  # which drops the oldest of very many
    scans = [LabelledScan(tmp_path / f"{n}.png", f"class {n:03d}", "", "s") for n in range(250)]
    table.resize(620, 400)
    table.show()
    table.show_listing(Listing(tmp_path, scans, ()), {})
    qtbot.waitUntil(lambda: bool(asked))
    assert scans[0].path in asked
    assert len(asked) < 20
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: scans[-1].path in asked)


def test_as_many_scans_are_shown_as_have_room(table, qtbot, dataset):
    table.resize(620, 400)
    table.show()
    table.show_listing(list_dataset(dataset), {})
    few = sum(one.isVisible() for one in table.findChildren(Thumbnail))
    assert 2 <= few < 12
    qtbot.waitUntil(lambda: table.widget().width() == table.viewport().width())  # nothing is cut
    table.resize(1200, 400)
    qtbot.waitUntil(lambda: all(one.isVisible() for one in table.findChildren(Thumbnail)))
    table.resize(620, 400)
    qtbot.waitUntil(lambda: sum(one.isVisible() for one in table.findChildren(Thumbnail)) == few)
    qtbot.waitUntil(lambda: table.widget().width() == table.viewport().width())
