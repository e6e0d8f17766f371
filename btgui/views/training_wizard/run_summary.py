"""What is about to be trained, in a few lines."""

from __future__ import annotations

from html import escape
from pathlib import Path

from btgui.engine.dataset import classes_of
from btgui.engine.published_networks import published
from btgui.views.training_wizard.draft import Draft

_PROTOCOLS = {
    "honest": "Copies of test scans are left out of the training (honest protocol).",
    "published": "Copies of test scans are trained on too (published protocol): the accuracy will "
    "look better than it is.",
}


def run_summary(draft: Draft) -> str:
    """Return it as HTML; no path, only names."""
    recipe = draft.recipe
    used = [scan for scan in draft.scans if scan.path not in draft.left_out]
    shown = [draft.display_names.get(name, name) for name in classes_of(used)]
    start = {"imagenet": "ImageNet weights", "none": "nothing"}.get(
        draft.weights, Path(draft.weights).name
    )
    name, network = escape(draft.name or "My model"), published(draft.architecture).name
    lines = [
        f"<b>{name}</b>: {network}, from {escape(start)}.",
        f"{len(used):,} scans of {len(shown)} classes: {escape(', '.join(shown))}.",
        f"{recipe.epochs} epochs of batches of {recipe.batch_size} scans.",
        _PROTOCOLS[draft.protocol],
        "The training can be paused, stopped and gone on with at any time.",
    ]
    return "<br>".join(lines)
