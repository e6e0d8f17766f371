from pathlib import Path

from btgui.engine.dataset import LabelledScan
from training.evaluating.examination import across_classes, list_strangers


def scans_of(label, count):
    return [LabelledScan(Path(f"{label}-{n}.png"), label, "test", "made") for n in range(count)]


def test_scans_for_a_check_are_drawn_across_classes_and_a_seed_repeats_them():
    scans = [*scans_of("glioma", 30), *scans_of("meningioma", 1), *scans_of("pituitary", 30)]
    drawn = across_classes(scans, 8, seed=0)
    labels = [scan.label for scan in drawn]
    assert {name: labels.count(name) for name in sorted(set(labels))} == {
        "glioma": 4,
        "meningioma": 1,
        "pituitary": 3,
    }
    assert len(set(drawn)) == 8
    assert across_classes(scans, 8, seed=0) == drawn
    assert across_classes(scans, 8, seed=1) != drawn
    assert len(across_classes(scans[:3], 8, seed=0)) == 3


def test_folders_of_strangers_are_told_apart_by_their_paths(tiny_pack, make_heads, tmp_path):
    places = [tmp_path / "north" / "other", tmp_path / "south" / "other"]
    for count, place in enumerate(places, start=1):
        place.mkdir(parents=True)
        for file in make_heads(count):
            file.rename(place / file.name)
    found = list_strangers(tiny_pack, [*places, places[0]])
    assert {name: len(scans) for name, scans in found.items()} == {
        "north/other": 1,
        "south/other": 2,
    }
    assert set(list_strangers(tiny_pack, places[:1])) == {"other"}
