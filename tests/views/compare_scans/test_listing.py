from dataclasses import replace
from pathlib import Path

from btgui.engine.studies.index import index_places
from btgui.views.compare_scans.listing import listed_stacks, stacks_of_index


def test_of_several_studies_and_patients_each_is_numbered_and_none_named(study):
    found = index_places([study]).series[:2]
    later = [replace(one, study="later", key=f"later {one.key}") for one in found]
    other = [replace(one, patient="ANOTHER", key=f"other {one.key}") for one in found]
    unknown = [replace(one, patient="", key=f"unknown {one.key}") for one in found]
    stacks = listed_stacks([*unknown, *other, *found, *later], [])
    assert [stack.title.split(" (")[0] for stack in stacks[::2]] == [
        "Study 1: T1 fine",
        "Patient 1, study 1: T1 fine",
        "Patient 2, study 1: T1 fine",
        "Patient 2, study 2: T1 fine",
    ]
    firsts = stacks[::2]  # one UID under two patients is no match
    assert not any(one.is_of_the_study_of(two) for one in firsts for two in firsts if one != two)


def test_files_follow_the_series(study, scan_file):
    stacks = listed_stacks(index_places([study]).series, [scan_file])
    assert stacks[-1].title == "head.png"
    (single,) = stacks_of_index(index_places([study / "fine" / "slice0003.dcm"]))
    assert (single.title, single.addresses[0].path) == (
        "slice0003.dcm",
        Path(study / "fine" / "slice0003.dcm"),
    )
