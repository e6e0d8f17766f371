"""The sentences about a data set on the wizard's first page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from btgui.engine.class_names import healthy_index
from btgui.engine.counting import all_of, some_of
from btgui.engine.datasets.dataset import classes_of
from btgui.engine.datasets.listing import Listing, Unused
from btgui.engine.datasets.table import is_table
from btgui.engine.disk.folders import folder_name
from btgui.views.text import counted, one_or, percent

_FEWEST_PATIENTS = 5  # four classes may well be grades, which differ in a number too


def summary(listing: Listing) -> str:
    """Return the number of scans and the number of classes in words."""
    labels = {name for scan in listing.scans for name in scan.possible_classes}
    return f"{len(listing.scans):,} scans in {len(labels)} classes"


def split_in_words(listing: Listing, test_fraction: float, validation_fraction: float) -> str:
    """Return in words how the scans are divided into training, validation and test."""
    count = len(listing.scans)
    tests = sum(scan.split == "test" for scan in listing.scans)
    choosing = sum(scan.split == "validation" for scan in listing.scans)
    if tests == count:
        return (
            f"All {count:,} scans are in the test part: none is left to train on. Add a training "
            f"part (a folder Training beside it, or table rows whose split is train), or "
            f"choose a folder that contains only class folders."
        )
    if tests:
        test = (
            f"The data set has its own test part: {tests:,} of {count:,} scans "
            f"({percent(tests / count)}). The network is never trained on them."
        )
        if untested := _without(listing, "test"):
            test += (
                f" None of them is of {some_of(untested)}: the result will not tell how well the network "
                f"recognises {one_or(len(untested), 'it', 'them')}."
            )
    else:
        test = (
            f"The data set has no test part: {percent(test_fraction)} of the scans of each class are "
            f"set aside for the test, and the network is never trained on them."
        )
        if within := listing.parts_within_classes():
            test = (
                f"Folders called {all_of(within)} within the class folders are not used as parts: "
                f"put the class folders into Training and Testing, not the other way round. {test}"
            )
    if choosing:
        own = f"Its validation part has {counted(choosing, 'scan')}"
        if unheard := _without(listing, "validation"):
            own += (
                f", none of them of {some_of(unheard)}: the best epoch is chosen without regard to "
                f"{one_or(len(unheard), 'it', 'them')}"
            )
        return f"{test} {own}."
    return (
        f"{test} {percent(validation_fraction)} of the others choose the best epoch (validation)."
    )


def _without(listing: Listing, part: str) -> list[str]:
    """Return the classes, in quotes, of which the data set's own test or validation part has no scan.

    A validation part counts for its source only: from the scans of other sources, one is sampled.
    """
    has = {scan.label for scan in listing.scans if scan.split == part}
    if part == "validation":
        giving = {scan.source for scan in listing.scans if scan.split == part}
        rest = [scan for scan in listing.scans if scan.split != "test"]
        has |= {scan.label for scan in rest if scan.source not in giving}
    return [f"“{name}”" for name in classes_of(listing.scans) if name not in has]


def unused_in_words(unused: Unused) -> str:
    """Return in words which files or folders are not used, and why."""
    examples = ", ".join(unused.examples)
    more = " …" if unused.count > len(unused.examples) else ""
    one = unused.count == 1
    if unused.kind == "outside":
        are = "scan is" if one else "scans are"
        return f"{unused.count:,} {are} in no class folder and cannot be used: {examples}{more}"
    if unused.kind == "empty":
        contain = "folder contains" if one else "folders contain"
        return f"{unused.count:,} {contain} no scans: {examples}{more}"
    were = "file was skipped: it is not a scan" if one else "files were skipped: they are not scans"
    return f"{unused.count:,} {were}: {examples}"


def healthy_in_words(names: Mapping[str, str]) -> str:
    """Return the warning that not exactly one of these class names means "no tumour", else ""."""
    if healthy_index(tuple(names), tuple(names.values())) is not None:
        return ""
    return (
        "No class name, or more than one, is recognised as meaning no tumour. If there is such a class, "
        "give it alone a name of this kind (“No tumour”) under Shown as: otherwise a series is always "
        "given its most likely class."
    )


def probably_meant(place: Path, better: Path) -> str:
    """Return the warning that a part of a data set, or a folder above one, was chosen."""
    if better.parent == place:
        return (
            f"{folder_name(better)}, inside {folder_name(place)}, has parts such as Training and Testing. If you choose "
            f"{folder_name(place)}, they are mixed."
        )
    return f"{folder_name(place)} is only one part of {folder_name(better)}; the other part is not used."


def named_like_patients(listing: Listing) -> str:
    """Return the warning that the class folders may be patients or series, else "".

    Their names tell: they differ in numbers only.
    """
    names = classes_of(listing.scans)
    kinds = {re.sub(r"\d+", "", name).casefold() for name in names}
    if is_table(listing.place) or len(names) < _FEWEST_PATIENTS or len(kinds) > 1:
        return ""
    return (
        f"The {len(names):,} class folders differ in numbers only (“{names[0]}”, “{names[1]}” …). If they "
        f"are patients or series, put them into one folder for each class, and choose the folder of "
        f"these."
    )


def same_name(name: str) -> str:
    """Return the message that two classes are shown under the same name."""
    return f"Two classes are shown as “{name}”. Give each a different name."
