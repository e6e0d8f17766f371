"""What a reader must know before believing a test, in sentences; one model's or several's."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted, one_or
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.card import ModelCard
from btgui.engine.models.pack import ModelPack
from training.reports.page import percent
from training.scans.cache import first_of_several
from training.scans.scan_record import among, calibrated_on, trained_by
from training.tested_scans import Tested, Whole


def recorded_datasets(card: ModelCard) -> tuple[str, ...]:
    """Return the names of the data sets that a model was trained on; empty where not recorded."""
    names = card.request.get("datasets")
    return tuple(str(one) for one in names) if isinstance(names, list | tuple) else ()


def recorded_names(card: ModelCard) -> frozenset[str]:
    """Return all names by which a card may know a data set that its model was trained on.

    A folder that was added is recorded as parent/name, and the parent may be a data set.
    """
    parents = {name.rpartition("/")[0] for name in _added(card)} - {""}
    return frozenset({*recorded_datasets(card), *parents})


def partly_known(tested: Tested) -> str:
    """Say how many scans were left out of a test, since their class is known only in part."""
    count = tested.unknown
    return f"Left out: {counted(count, 'scan')} that may be of several classes." if count else ""


def partly_read(read: list[LabelledScan]) -> str:
    """Say of how many files of several pictures only the first was tested."""
    with ThreadPoolExecutor() as pool:
        count = sum(map(bool, pool.map(first_of_several, [scan.path for scan in read])))
    return (
        f"{counted(count, 'file')} {one_or(count, 'holds', 'hold')} several pictures, of which only the first was "
        f"tested: it may not show the file's class. Save those that do as files of their own."
        if count
        else ""
    )


def other_split(card: ModelCard, fingerprint: str) -> str:
    """Say that a model may have been trained on the scans that a run chooses or tests with.

    An average has the fingerprint of the run whose scans chose it.

    Parameters
    ----------
    fingerprint
        Of the run's split; "" where the run noted none.

    Returns
    -------
    The sentences, or "" where the card says that the run's split is the model's.
    """
    if fingerprint and card.dataset_fingerprint == fingerprint:
        return ""
    known = fingerprint and card.dataset_fingerprint
    return (
        f"By its card, {card.name} was trained with another split than this run's"
        if known
        else f"Whether {card.name} was trained with this run's split is not recorded"
    ) + ": these very scans may have trained it. Name its own run, or scans that it has not seen."


def trained_on_these(who: str, pack: ModelPack, tested: list[LabelledScan]) -> str:
    """Say how many of the scans tested trained a model, by its own record.

    Parameters
    ----------
    who
        What stands for the model.

    Returns
    -------
    The sentence, or "" where none did, or nothing is recorded.

    Raises
    ------
    ModelPackError
        The record is spoilt.
    """
    count = int(among(tested, trained_by(pack) or frozenset()).sum())
    if not count:
        return ""
    return (
        f"{who} was trained on {count:,} of {counted(len(tested), 'scan')} tested, by its own record, or went "
        f"on from a model that was. On them its accuracy measures memory, not skill. The record tells the "
        f"same files alone: how many more are copies of its scans, mirrored, turned or saved anew, is not known."
    )


def fitted_to_these(who: str, pack: ModelPack, tested: list[LabelledScan]) -> str:
    """Say how many of the scans tested a calibration of a model was fitted to, by its own record.

    Parameters
    ----------
    who
        What stands for the model.

    Raises
    ------
    ModelPackError
        The record is spoilt.
    """
    count = int(among(tested, calibrated_on(pack)).sum())
    if not count:
        return ""
    return (
        f"The temperature of {who} was fitted to {count:,} of {counted(len(tested), 'scan')} tested, by its own "
        f"record: its confidences fit them better than new ones."
    )


def trained_on_copies(
    who: str,
    card: ModelCard,
    tested: Tested,
    leaked: NDArray[np.bool_] | None,
    leak_free: dict[str, Any] | None,
) -> str:
    """Say that a model of the published protocol may have been trained on copies of the scans.

    Parameters
    ----------
    who
        What stands for the model.
    leaked, leak_free
        (scans,) which tested scans have a copy in a training part, and the test result's
        figures of the others; None where not known.

    Returns
    -------
    The sentences, or "" where nothing needs to be said.
    """
    if card.protocol == "honest" or leaked is None or leak_free is None:
        return ""
    if not leaked.any():
        return ""
    trained_on = recorded_datasets(card)
    where = (
        f" on {', '.join(trained_on)}, this data set,"
        if recorded_names(card) & tested.known_as
        else "; it may have been on this data set,"
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
    """Say which data sets name no test scans, and which models were trained on them.

    Parameters
    ----------
    cards
        What stands for each model of which no record tells what trained it, and its card.
    """
    text = " ".join(_whole(one) for one in tested.wholes)
    names = frozenset[str]().union(*(one.known_as for one in tested.wholes))
    theirs = [who for who, card in cards if recorded_names(card) & names]
    if theirs:
        text += (
            f" {', '.join(theirs)} trained on a data set of this name: on many of these very "
            f"scans. Those accuracies say nothing of new scans."
        )
    return text


def trained_elsewhere(cards: Sequence[tuple[str, ModelCard]], tested: Tested) -> str:
    """Say which models were trained, as far as names tell, on other data sets than those tested."""
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
            f"By the names on the cards, folders of this data set were added to what "
            f"{', '.join(by_added)} trained on: these very scans may be among them."
        )
    if others:
        found.append(
            f"By the names on the cards, {', '.join(others)} trained on other data sets than this "
            f"one."
        )
    if partly:
        found.append(
            f"Folders were added to what {', '.join(partly)} trained on, and of which data sets "
            f"they are is not recorded: it may be this one."
        )
    if unknown:
        found.append(f"What {', '.join(unknown)} trained on is not recorded.")
    if others or unknown:
        found.append("Whether that holds copies of the scans tested here is not known.")
    return " ".join(found)


def unreadable(count: int) -> str:
    """Say how many scans could not be read."""
    verb = one_or(count, "counts", "count")
    return f"{counted(count, 'scan')} could not be read and {verb} for no model." if count else ""


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
    """Whether folders were added whose data sets an older card does not name."""
    return any("/" not in name for name in _added(card))


def _added(card: ModelCard) -> list[str]:
    """Return the added folders' names: parent/name, or of older cards the name alone."""
    added = card.request.get("added")
    if not isinstance(added, list | tuple):
        return []
    return [str(one[0]) for one in added if isinstance(one, list | tuple) and one]
