"""What a reader must know before believing a test, in sentences; one model's or several's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.model_card import ModelCard
from btgui.engine.training_request import Protocol
from training.reports.page import percent
from training.tested import Tested, Whole


def recorded_protocol(card: ModelCard) -> Protocol:
    """Return the protocol that a model was trained under; not recorded counts as published."""
    return "honest" if _request(card).get("protocol") == "honest" else "published"


def recorded_datasets(card: ModelCard) -> tuple[str, ...]:
    """Return the names of the data sets that a model was trained on; empty where not recorded."""
    names = _request(card).get("datasets")
    return tuple(str(one) for one in names) if isinstance(names, list | tuple) else ()


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
    if recorded_protocol(card) == "honest" or leaked is None or leak_free is None:
        return ""
    if not leaked.any():
        return ""
    trained_on = recorded_datasets(card)
    where = (
        f" on {', '.join(trained_on)}, this data set,"
        if set(trained_on) & tested.known_as
        else "; it may have been on this data set,"
    )
    others = f": on the {leak_free['count']:,} others it is {percent(leak_free['accuracy'])}"
    return (
        f"{who} was trained under the published protocol{where} and "
        f"{int(leaked.sum()):,} of {scans(len(leaked))} tested have a copy in the data set's "
        f"training folder. Its accuracy measures memory as well as skill"
        f"{others if leak_free['count'] else ''}."
    )


def no_test_part(cards: Sequence[tuple[str, ModelCard]], tested: Tested) -> str:
    """Say which data sets name no test scans, and which models were trained on them.

    Parameters
    ----------
    cards
        What stands for each model, and its card.
    """
    if tested.split_given:
        return ""
    text = " ".join(_whole(one) for one in tested.wholes)
    theirs = [who for who, card in cards if set(recorded_datasets(card)) & tested.known_as]
    if theirs:
        text += (
            f" {', '.join(theirs)} trained on a data set of this name: on many of these very "
            f"scans. Those accuracies say nothing of new scans."
        )
    return text


def trained_elsewhere(cards: Sequence[tuple[str, ModelCard]], tested: Tested) -> str:
    """Say which models were trained on other data sets than those tested here, or on unknown ones."""
    others, unknown = [], []
    for who, card in cards:
        recorded = recorded_datasets(card)
        if not recorded:
            unknown.append(who)
        elif not set(recorded) & tested.known_as:
            others.append(who)
    found = []
    if others:
        found.append(f"By the cards, {', '.join(others)} trained on other data sets than this one.")
    if unknown:
        found.append(f"What {', '.join(unknown)} trained on is not recorded.")
    if found:
        found.append("Whether that holds copies of the scans tested here is not known.")
    return " ".join(found)


def unreadable(count: int) -> str:
    """Say how many scans could not be read."""
    return f"{scans(count)} could not be read and count for no model." if count else ""


def scans(count: int) -> str:
    """Return a number of scans in words."""
    return "1 scan" if count == 1 else f"{count:,} scans"


def _whole(one: Whole) -> str:
    text = f"{one.name} names no test scans, so all of its {scans(one.count)} were tested"
    if one.training:
        text += f", {one.training:,} of them from its training part"
    if one.validation:
        text += f"{' and' if one.training else ','} {one.validation:,} from its validation part"
    return text + "."


def _request(card: ModelCard) -> dict[str, Any]:
    recorded = card.training.get("request")
    return recorded if isinstance(recorded, dict) else {}
