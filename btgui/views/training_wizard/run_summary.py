"""What is about to be trained, in a few lines."""

from __future__ import annotations

from html import escape
from pathlib import Path

from btgui.engine.counting import some_of
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
    "published": "Copies of test scans are trained on too (published protocol): the accuracy will "
    "look better than it is.",
}


def run_summary(draft: Draft) -> str:
    """Return it as HTML; no path, only names."""
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
        "Scans are prepared as that model knows them, not in the usual way."
        if draft.preprocessing != PreprocessingParameters()
        else "",
        f"{len(shown)} classes: {escape(some_of(shown))}.",
        escape(_absent(draft.weights, classes_of(used))),
        (
            f"About {shares.training:,} scans to learn from, {shares.validation:,} to choose the best "
            f"epoch by, {shares.test:,} to test with."
            if shares.test
            else f"About {shares.training:,} scans to learn from, {shares.validation:,} to choose the "
            f"best epoch by, none to test with: the result will be measured on those that choose."
        ),
        "Scans that trained that model neither choose nor test: of these there may be fewer."
        if draft.protocol == "honest" and _leaves_out_known(draft.weights)
        else "",
        f"{counted(recipe.epochs, 'epoch')} of batches of {counted(recipe.batch_size, 'scan')}.",
        _PROTOCOLS[draft.protocol].format(count=count),
        "The training can be paused, stopped and gone on with at any time.",
    ]
    return "<br>".join(filter(None, lines))


def _absent(weights: str, classes: tuple[str, ...]) -> str:
    """Return what becomes of classes that only the model knows which training goes on from."""
    try:
        return without_scans(classes_of_start(weights, classes), classes)
    except BtguiError:
        return ""


def _leaves_out_known(weights: str) -> bool:
    """Whether the training knows which scans trained the model that it goes on from."""
    start = model_folder(weights)
    try:
        return start is not None and records_its_scans(start)
    except BtguiError:
        return False


def _start(weights: str) -> str:
    """Return what a training starts from, a model by its own name and not its folder's."""
    plain = {"imagenet": "ImageNet weights", "none": "nothing"}.get(weights)
    if plain:
        return plain
    place = Path(weights)
    if place.is_dir():
        try:
            return f"the model {read_card(place).name}"
        except BtguiError:
            return place.name
    return f"the weights in {place.name}"
