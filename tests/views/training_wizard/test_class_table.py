import shutil

import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.listing import Listing, list_dataset
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.class_table import ClassTable


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


def test_a_long_name_of_a_folder_is_not_cut(table, dataset):
    long = "a class whose folder has a name that goes on and on " * 2
    path = next((dataset / "Training" / "glioma").iterdir())
    scans = [LabelledScan(path, label, "", "s") for label in (long, "notumor")]
    table.show_listing(Listing(dataset, scans, ()), {})
    assert table.display_names()[long].casefold() == long.strip().casefold()


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
    assert len(table.thumbnails) == 180


def test_of_very_many_classes_those_that_are_seen_have_pictures(table, qtbot, dataset):
    path = next((dataset / "Training" / "glioma").iterdir())
    places = [shutil.copy(path, dataset / f"{number}.png") for number in range(250)]
    scans = [LabelledScan(p, f"class {n:03d}", "", "s") for n, p in enumerate(places)]
    table.resize(620, 400)
    table.show()
    table.show_listing(Listing(dataset, scans, ()), {})
    qtbot.waitUntil(table.thumbnails[0].has_picture)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    qtbot.waitUntil(table.thumbnails[-1].has_picture)


def test_as_many_scans_are_shown_as_have_room(table, qtbot, dataset):
    table.resize(620, 400)
    table.show()
    table.show_listing(list_dataset(dataset), {})
    few = sum(one.isVisible() for one in table.thumbnails)
    assert 2 <= few < 12
    qtbot.waitUntil(lambda: table.widget().width() == table.viewport().width())  # nothing is cut
    table.resize(1200, 400)
    qtbot.waitUntil(lambda: all(one.isVisible() for one in table.thumbnails))
    table.resize(620, 400)
    qtbot.waitUntil(lambda: sum(one.isVisible() for one in table.thumbnails) == few)
    qtbot.waitUntil(lambda: table.widget().width() == table.viewport().width())
