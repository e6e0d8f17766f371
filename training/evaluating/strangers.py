"""Abnormal scans of classes that a model does not know, to measure how many seem healthy to it."""

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
    """Return the abnormal scans of each folder, by the folder's name.

    Folders of the same name are named by as much of their paths as distinguishes them. Scans that
    the model's own record lists as training scans are left out.

    Parameters
    ----------
    go_on
        Called now and then; may raise to stop.
    patients
        Pattern that finds the patient in a file name, for :func:`named_where_found`, or None.

    Raises
    ------
    DatasetError
        The model has no healthy class, a folder is missing, or all scans of a folder were training
        scans of the model.
    """
    classes, healthy = pack.card.classes, pack.card.healthy_index
    if not folders:
        return {}
    if healthy is None:
        raise DatasetError(
            f"--strangers counts abnormal scans classified as no tumour: expected a model with "
            f"one class named notumor, normal, healthy or the like, received one with "
            f"{', '.join(classes)}. Leave --strangers out."
        )
    trained = trained_by(pack) or frozenset()
    found = {}
    for name, folder in _by_distinct_name(folders).items():
        # The class given here is not used.
        scans = under_series_windows(read_class_folder(folder, classes[healthy], go_on), go_on)
        known = among(scans, trained)
        if known.all():
            raise DatasetError(
                f"Expected scans in {folder} that {pack.card.name} was not trained on, received only "
                f"scans that it was. Name another folder, or leave --strangers out."
            )
        if count := int(known.sum()):
            say(
                f"Left out: {count:,} of {counted(len(scans), 'scan')} in {name}, on which "
                f"{pack.card.name} was trained."
            )
        unseen = [scan for scan, is_known in zip(scans, known, strict=True) if not is_known]
        found[name] = named_where_found(unseen, patients) if patients else unseen
    return found


def _by_distinct_name(folders: list[Path]) -> dict[str, Path]:
    places = list(dict.fromkeys(folder.resolve() for folder in folders))
    names: list[str] = []
    for depth in range(1, max(len(place.parts) for place in places) + 1):
        names = ["/".join(place.parts[-depth:]) for place in places]
        if len(set(names)) == len(places):
            break
    return dict(zip(names, places, strict=True))
