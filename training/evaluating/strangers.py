"""Abnormal scans of kinds that a model does not know: how many of them it calls healthy is measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan, read_class_folder, under_series_windows
from btgui.engine.errors import DatasetError
from btgui.engine.models.pack import ModelPack
from training.evaluating.patients import named_where_found
from training.scans.scan_record import among, trained_by

Say = Callable[[str], None]


def list_strangers(
    pack: ModelPack,
    folders: list[Path],
    say: Say,
    go_on: Callable[[], None] = lambda: None,
    *,
    patients: str | None = None,
) -> dict[str, list[LabelledScan]]:
    """Return each folder's abnormal scans of unknown kinds, by its name.

    Folders of one name have as much of their paths before it as tells them apart. Scans that
    trained the model, by its own record, are no strangers to it and are left out.

    Parameters
    ----------
    go_on
        Called now and then; it may raise to stop.
    patients
        What tells patients apart in file names, for :func:`named_where_found`; None for nothing.

    Raises
    ------
    DatasetError
        The model knows no healthy class, or a folder is missing or holds no scan that did
        not train it.
    """
    classes, healthy = pack.card.classes, pack.card.healthy_index
    if not folders:
        return {}
    if healthy is None:
        raise DatasetError(
            f"--strangers counts abnormal scans that are called healthy: expected a model with "
            f"one class named notumor, normal, healthy or the like, received one with "
            f"{', '.join(classes)}. Leave --strangers out."
        )
    trained = trained_by(pack) or frozenset()
    found = {}
    for name, folder in _told_apart(folders).items():
        # The label is not used.
        scans = under_series_windows(read_class_folder(folder, classes[healthy], go_on), go_on)
        known = among(scans, trained)
        if known.all():
            raise DatasetError(
                f"Expected scans in {folder} that {pack.card.name} has not seen, received only "
                f"scans that trained it. Name another folder, or leave --strangers out."
            )
        if count := int(known.sum()):
            say(
                f"Left out: {count:,} of {counted(len(scans), 'scan')} in {name}, on which "
                f"{pack.card.name} was trained."
            )
        unseen = [scan for scan, is_known in zip(scans, known, strict=True) if not is_known]
        found[name] = named_where_found(unseen, patients) if patients else unseen
    return found


def _told_apart(folders: list[Path]) -> dict[str, Path]:
    places = list(dict.fromkeys(folder.resolve() for folder in folders))
    names: list[str] = []
    for depth in range(1, max(len(place.parts) for place in places) + 1):
        names = ["/".join(place.parts[-depth:]) for place in places]
        if len(set(names)) == len(places):
            break
    return dict(zip(names, places, strict=True))
