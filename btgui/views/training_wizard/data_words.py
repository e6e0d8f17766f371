"""What is said about a data set on the wizard's first page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from btgui.engine.class_names import healthy_index
from btgui.engine.datasets.listing import Listing, Unused
from btgui.views.text import percent


def summary(listing: Listing) -> str:
    """Return how many scans of how many classes there are."""
    labels = {name for scan in listing.scans for name in scan.possible_classes}
    return f"{len(listing.scans):,} scans of {len(labels)} classes"


def split_in_words(listing: Listing, test_fraction: float, validation_fraction: float) -> str:
    """Return which scans will train, choose and test."""
    count = len(listing.scans)
    tests = sum(scan.split == "test" for scan in listing.scans)
    choosing = sum(scan.split == "validation" for scan in listing.scans)
    if tests == count:
        return (
            f"All {count:,} scans are in the test part: none is left to learn from. Add a training "
            f"part beside it (the folder Training, or rows of a table whose split is train), or "
            f"choose a folder that holds only class folders."
        )
    if tests:
        test = (
            f"The data set names its test scans: {tests:,} of {count:,} ({percent(tests / count)}). "
            f"The network never learns from them."
        )
    else:
        test = (
            f"No part is marked as the test: {percent(test_fraction)} of the scans of each class are "
            f"kept for it, and the network never learns from them."
        )
        if within := listing.parts_within_classes():
            test = (
                f"Folders called {' and '.join(within)} within the class folders are taken for no part: "
                f"put the class folders into Training and Testing, not these into each class. {test}"
            )
    if choosing:
        return f"{test} It names {choosing:,} scans for validation, too."
    return f"{test} {percent(validation_fraction)} of the others choose the best moment to stop."


def unused_in_words(unused: Unused) -> str:
    """Return what is not used, and why."""
    examples = ", ".join(unused.examples)
    more = " …" if unused.count > len(unused.examples) else ""
    one = unused.count == 1
    if unused.kind == "outside":
        lie = "scan lies" if one else "scans lie"
        return f"{unused.count:,} {lie} in no class folder and cannot be used: {examples}{more}"
    if unused.kind == "empty":
        hold = "folder holds" if one else "folders hold"
        return f"{unused.count:,} {hold} no scans: {examples}{more}"
    are = "file is no scan" if one else "files are no scans"
    return f"{unused.count:,} {are} and passed over: {examples}"


def healthy_in_words(names: Mapping[str, str]) -> str:
    """Return what it means that no one class, shown by these names, is known to be without a tumour."""
    if healthy_index(tuple(names), tuple(names.values())) is not None:
        return ""
    return (
        "No class is known by its name as the one without a tumour. If one is, have it shown as “No "
        "tumour”: otherwise a series always gets its likeliest class."
    )


def probably_meant(place: Path, better: Path) -> str:
    """Return what it means to choose a part of a data set, or a folder above one."""
    if better.parent == place:
        return (
            f"{better.name}, inside {place.name}, has parts such as Training and Testing. Chosen from "
            f"above, they are mixed."
        )
    return f"{place.name} is only one part of {better.name}; the other part is not used."


def same_name(name: str) -> str:
    """Return why two classes of one name hold."""
    return f"Two classes are shown as “{name}”. Give each a name of its own."
