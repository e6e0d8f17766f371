from dataclasses import replace

import pytest

from btgui.engine.disk.files import sha256_of
from btgui.engine.errors import Cancelled, DatasetError
from btgui.engine.models.pack import write_pack
from training.evaluating.strangers import list_strangers
from training.scans.scan_record import write_record


def test_folders_of_strangers_are_told_apart_by_their_paths(tiny_pack, make_heads, tmp_path):
    places = [tmp_path / "north" / "other", tmp_path / "south" / "other"]
    for count, place in enumerate(places, start=1):
        place.mkdir(parents=True)
        for file in make_heads(count):
            file.rename(place / file.name)
    found = list_strangers(tiny_pack, [*places, places[0]], print)
    assert {name: len(scans) for name, scans in found.items()} == {
        "north/other": 1,
        "south/other": 2,
    }
    assert set(list_strangers(tiny_pack, places[:1], print)) == {"other"}


def test_listing_strangers_can_be_stopped(tiny_pack, make_heads):
    (head,) = make_heads(1)

    def stop():
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        list_strangers(tiny_pack, [head.parent], print, stop)


@pytest.fixture
def known_heads(tiny_pack, make_heads, tmp_path):
    """Return a function that makes a model trained on some of three heads, and the heads' folder."""
    heads = make_heads(3)

    def make(count):
        digests = {"train": [sha256_of(file) for file in heads[:count]]}
        others = write_record(tmp_path, digests)
        card = replace(tiny_pack.card, files={})
        pack = write_pack(tmp_path / "pack", card, tiny_pack.model_file, others)
        return pack, heads[0].parent

    return make


def test_scans_that_trained_the_model_are_no_strangers_to_it(known_heads, said):
    pack, folder = known_heads(2)
    ((name, scans),) = list_strangers(pack, [folder], said.append).items()
    assert [scan.path.name for scan in scans] == ["head-02.png"]
    assert said == [f"Left out: 2 of 3 scans in {name}, on which {pack.card.name} was trained."]


def test_a_folder_of_nothing_but_scans_that_trained_the_model_is_refused(known_heads, said):
    pack, folder = known_heads(3)
    with pytest.raises(DatasetError, match="received only scans that it was"):
        list_strangers(pack, [folder], said.append)
