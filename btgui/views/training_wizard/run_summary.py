"""A summary of the training that is about to start, in a few lines."""

from __future__ import annotations

from html import escape
from pathlib import Path

from btgui.engine.counting import one_or, some_of
from btgui.engine.datasets.dataset import classes_of
from btgui.engine.datasets.shares import scan_shares
from btgui.engine.errors import BtguiError
from btgui.engine.models.pack import read_card
from btgui.engine.models.published_networks import published
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_runs.start import (
    classes_of_start,
    model_folder,
    records_its_scans,
    without_scans,
)
from btgui.views.text import counted
from btgui.views.training_wizard.draft import Draft

_PROTOCOLS = {
    "honest": "Copies of test scans are left out of the training{count} (honest protocol).",
    "published": "Copies of test scans are also trained on (published protocol): the accuracy will "
    "look better than it is.",
}


def run_summary(draft: Draft) -> str:
    """Return the summary as HTML, with names but without paths."""
    if not draft.scans:
        return "No scans have been chosen. Go back and choose some."
    asked = draft.request()
    shares = scan_shares(draft.scans, asked, draft.audit)
    used = [scan for scan in draft.scans if scan.path not in draft.left_out]
    shown = [draft.shown_as(label) for label in classes_of(used)]
    network, recipe = published(draft.architecture).name, draft.recipe
    count = f": {shares.copies:,} of them" if shares.copies else ""
    lines = [
        f"<b>{escape(asked.name)}</b>: {network}, from {escape(_start(draft.weights))}.",
        "Scans are prepared as for that model, not in the usual way."
        if draft.preprocessing != PreprocessingParameters()
        else "",
        f"{len(shown)} classes: {escape(some_of(shown))}.",
        escape(_absent(draft.weights, classes_of(used))),
        (
            f"About {shares.training:,} scans for training, {shares.validation:,} to choose the best "
            f"epoch, {shares.test:,} for the test."
            if shares.test
            else f"About {shares.training:,} scans for training, {shares.validation:,} to choose the "
            f"best epoch, none for a test: the result will be measured on those that choose the epoch."
        ),
        "Scans that this model was trained on are kept out of validation and test, so these numbers "
        "may be lower."
        if draft.protocol == "honest" and _leaves_out_known(draft.weights)
        else "",
        f"{counted(recipe.epochs, 'epoch')} in batches of {counted(recipe.batch_size, 'scan')}.",
        _PROTOCOLS[draft.protocol].format(count=count),
        f"{counted(crossing, 'scan')} related to the data set's own validation scans (copies, "
        f"neighbouring slices or one patient) {one_or(crossing, 'is', 'are')} left out too."
        if (crossing := shares.crossing)
        else "",
        "You can pause, stop and resume the training at any time.",
    ]
    return "<br>".join(filter(None, lines))


def _absent(weights: str, classes: tuple[str, ...]) -> str:
    """Return what becomes of classes that only the starting model knows, "" where there are none."""
    try:
        return without_scans(classes_of_start(weights, classes), classes)
    except BtguiError:
        return ""


def _leaves_out_known(weights: str) -> bool:
    """Whether the starting model records which scans it was trained on."""
    start = model_folder(weights)
    try:
        return start is not None and records_its_scans(start)
    except BtguiError:
        return False


def _start(weights: str) -> str:
    """Return the training's start in words; a model goes by its own name, not its folder's."""
    plain = {"imagenet": "ImageNet weights", "none": "nothing"}.get(weights)
    if plain:
        return plain
    model = model_folder(weights)
    if model is None:
        return f"the weights in {Path(weights).name}"
    try:
        return f"the model {read_card(model).name}"
    except BtguiError:
        return model.name
