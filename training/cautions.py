"""Cautions about a test of one or several models: what its reader must know first, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import all_of, counted, one_or
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.card import ModelCard
from btgui.engine.models.pack import ModelPack
from training.reports.page import percent
from training.scans.cache import first_of_several
from training.scans.scan_record import among, calibrated_on, chosen_by, trained_by
from training.tested_scans import Tested, Whole


def recorded_datasets(card: ModelCard) -> tuple[str, ...]:
    """Return the names of the data sets that a model was trained on; empty if not recorded."""
    names = card.request.get("datasets")
    return tuple(str(one) for one in names) if isinstance(names, list | tuple) else ()


def recorded_names(card: ModelCard) -> frozenset[str]:
    """Return all names under which a card may record the data sets that its model was trained on.

    An added folder is recorded as parent/name, and the parent may be a data set.
    """
    parents = {name.rpartition("/")[0] for name in _added(card)} - {""}
    return frozenset({*recorded_datasets(card), *parents})


def untested(names: Sequence[str]) -> str:
    """Return a sentence on the classes, by their display names, of which no scan was tested, or ""."""
    return (
        f"No scan of {all_of(names)} was tested: the figures cover only the other classes."
        if names
        else ""
    )


def partly_known(tested: Tested) -> str:
    """Return a sentence on scans left out because they may be of several classes, or ""."""
    count = tested.unknown
    return f"Left out: {counted(count, 'scan')} that may be of several classes." if count else ""


def partly_read(read: list[LabelledScan]) -> str:
    """Return a sentence on files with several pictures, of which only the first was tested, or ""."""
    with ThreadPoolExecutor() as pool:
        count = sum(map(bool, pool.map(first_of_several, [scan.path for scan in read])))
    return (
        f"{counted(count, 'file')} {one_or(count, 'holds', 'hold')} several pictures, of which only the first was "
        f"tested: it may not show the file's class. Save the pictures that do as separate files."
        if count
        else ""
    )


def other_split(card: ModelCard, fingerprint: str) -> str:
    """Return sentences on a model that may have been trained on a run's validation or test scans.

    An average has the fingerprint of the run whose scans were used to check it.

    Parameters
    ----------
    fingerprint
        Fingerprint of the run's split; "" if the run has noted no split.

    Returns
    -------
    The sentences, or "" if the model's card has the fingerprint of the run's split.
    """
    if fingerprint and card.dataset_fingerprint == fingerprint:
        return ""
    known = fingerprint and card.dataset_fingerprint
    return (
        f"By its card, {card.name} was trained with another split than this run's"
        if known
        else f"Whether {card.name} was trained with this run's split is not recorded"
    ) + ": it may have been trained on these scans. Name its own run, or scans that are new to it."


def trained_on_these(who: str, pack: ModelPack, tested: list[LabelledScan]) -> str:
    """Return sentences on the tested scans that a model was trained on, by its own record.

    Parameters
    ----------
    who
        The name or mark of the model.

    Returns
    -------
    The sentences, or "" if there are no such scans, or nothing is recorded.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    if not (those := _tested_among(trained_by(pack) or frozenset(), tested)):
        return ""
    return (
        f"{who} was trained on {those}, by its own record, or fine-tuned "
        f"from a model that was. On these its accuracy measures memory, not skill. The record identifies "
        f"the same files only: how many more are mirrored, rotated or re-saved copies is not known."
    )


def chosen_by_these(who: str, pack: ModelPack, tested: list[LabelledScan]) -> str:
    """Return sentences on the tested scans that selected a model, by its own record, or "".

    Parameters
    ----------
    who
        The name or mark of the model.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    if not (those := _tested_among(chosen_by(pack), tested)):
        return ""
    return (
        f"{those} selected {who} and set its temperature, by its "
        f"own record: on new scans its accuracy is likely to be lower and its calibration worse."
    )


def fitted_to_these(who: str, pack: ModelPack, tested: list[LabelledScan]) -> str:
    """Return a sentence on the tested scans that a model was recalibrated on, by its own record, or "".

    Parameters
    ----------
    who
        The name or mark of the model.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    if not (those := _tested_among(calibrated_on(pack), tested)):
        return ""
    return (
        f"The temperature of {who} was fitted to {those}, by its own "
        f"record: its calibration is better on these than on new scans."
    )


def _tested_among(digests: frozenset[str], tested: list[LabelledScan]) -> str:
    """Return how many of the tested scans have one of these SHA-256, in words; "" if none has."""
    count = int(among(tested, digests).sum())
    return f"{count:,} of {counted(len(tested), 'scan')} tested" if count else ""


def trained_on_copies(
    who: str,
    card: ModelCard,
    tested: Tested,
    leaked: NDArray[np.bool_] | None,
    leak_free: dict[str, Any] | None,
) -> str:
    """Return sentences on a model of the published protocol that may have been trained on copies.

    Parameters
    ----------
    who
        The name or mark of the model.
    leaked, leak_free
        (scans,) which tested scans have a copy in a training part, and the figures of the others;
        None if not known.

    Returns
    -------
    The sentences, or "" if there is nothing to report.
    """
    if card.protocol == "honest" or leaked is None or leak_free is None:
        return ""
    if not leaked.any():
        return ""
    trained_on = recorded_datasets(card)
    where = (
        f" on {all_of(trained_on)}, this data set,"
        if recorded_names(card) & tested.known_as
        else ", possibly on this data set,"
    )
    others = f": on the {leak_free['count']:,} others it is {percent(leak_free['accuracy'])}"
    return (
        f"{who} was trained under the published protocol{where} and "
        f"{int(leaked.sum()):,} of {counted(len(leaked), 'scan')} tested "
        f"{one_or(int(leaked.sum()), 'has', 'have')} a copy in the data set's "
        f"training folder. Its accuracy measures memory as well as skill"
        f"{others if leak_free['count'] else ''}."
    )


def no_test_part(cards: Sequence[tuple[str, ModelCard]], tested: Tested) -> str:
    """Return sentences on data sets without test scans, and on models trained on them.

    Parameters
    ----------
    cards
        Name or mark and card of each model without a record of its training scans.
    """
    text = " ".join(_whole(one) for one in tested.wholes)
    names = frozenset[str]().union(*(one.known_as for one in tested.wholes))
    theirs = [who for who, card in cards if recorded_names(card) & names]
    if theirs:
        text += (
            f" {all_of(theirs)} {one_or(len(theirs), 'was', 'were')} trained on a data set of this "
            f"name, so on many of these scans. Such accuracies say nothing about new scans."
        )
    return text


def trained_elsewhere(cards: Sequence[tuple[str, ModelCard]], tested: Tested) -> str:
    """Return sentences on models trained, judging by names, on other data sets than those tested."""
    unknown = [who for who, card in cards if not recorded_datasets(card)]
    rest = [(who, card) for who, card in cards if who not in unknown]
    others = [who for who, card in rest if not recorded_names(card) & tested.known_as]
    partly = [who for who, card in rest if who in others and _unplaced(card)]
    by_added = [
        who
        for who, card in rest
        if tested.split_given
        and who not in others
        and not set(recorded_datasets(card)) & tested.known_as
    ]
    found = []
    if by_added:
        found.append(
            f"By the names on the cards, folders of this data set were added to the training data of "
            f"{all_of(by_added)}: these scans may be among them."
        )
    if others:
        found.append(
            f"By the names on the cards, {all_of(others)} {one_or(len(others), 'was', 'were')} "
            f"trained on other data sets than this one."
        )
    if partly:
        found.append(
            f"Folders were added to the training data of {all_of(partly)}, and their data sets "
            f"are not recorded: this one may be among them."
        )
    if unknown:
        found.append(f"The training data of {all_of(unknown)} is not recorded.")
    if others or unknown:
        found.append("The training data may contain copies of the scans tested here.")
    return " ".join(found)


def unreadable(count: int) -> str:
    """Return a sentence on the scans that could not be read, or ""."""
    verb = one_or(count, "is", "are")
    if not count:
        return ""
    return f"{counted(count, 'scan')} could not be read and {verb} not counted for any model."


def _whole(one: Whole) -> str:
    text = f"{one.name} names no test scans, so all of its {counted(one.count, 'scan')} were tested"
    if one.unread:
        text = (
            f"{one.name} names no test scans, so {one.count:,} of its "
            f"{counted(one.count + one.unread, 'scan')} were tested ({one.unread:,} could not be read)"
        )
    if one.training:
        text += f", {one.training:,} of them from its training part"
    if one.validation:
        text += f"{' and' if one.training else ','} {one.validation:,} from its validation part"
    return text + "."


def _unplaced(card: ModelCard) -> bool:
    """Whether the card, an older one, records added folders without their data sets."""
    return any("/" not in name for name in _added(card))


def _added(card: ModelCard) -> list[str]:
    """Return the names of the added folders: parent/name, or the name alone on older cards."""
    added = card.request.get("added")
    if not isinstance(added, list | tuple):
        return []
    return [str(one[0]) for one in added if isinstance(one, list | tuple) and one]
