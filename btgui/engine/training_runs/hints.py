"""Advice on the training curves of a run, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_FEW_EPOCHS = 2
_WAITED = 3
_GAP = 0.08  # between training and validation accuracy
_STUCK_EPOCHS = 3
_CHANCE_FACTOR = 1.25


def training_hint(history: Mapping[str, Sequence[float]], class_count: int) -> str:
    """Return advice on the curves so far; "" if it is too early.

    Parameters
    ----------
    history
        One value per epoch of ``accuracy``, ``validation_loss`` and
        ``validation_accuracy``; accuracies are 0 to 1.
    class_count
        Number of classes: the accuracy of guessing is its inverse.
    """
    losses = list(history["validation_loss"])
    if len(losses) < _FEW_EPOCHS:
        return ""
    shares = history["validation_accuracy"]
    if len(losses) >= _STUCK_EPOCHS and max(shares) < _CHANCE_FACTOR / class_count:
        return (
            "Training seems stuck: the accuracy is no better than guessing. Check that the folders "
            "hold what their names say, or start again with a smaller learning rate."
        )
    best = losses.index(min(losses))
    waited = len(losses) - 1 - best
    if waited == 0:
        return "Still improving."
    if waited < _WAITED:
        return "Improving, with ups and downs." if best else "No better yet than the first epoch."
    if history["accuracy"][-1] - shares[-1] > _GAP:
        return (
            f"Overfitting: the network memorises the training scans, but is no better on the "
            f"validation scans since epoch {best + 1}. Stopping now and keeping that epoch loses "
            f"nothing; more scans would help."
        )
    return (
        f"No improvement since epoch {best + 1}. Stopping now and keeping that epoch may lose little; "
        f"the last epochs, with a small learning rate, often still bring a gain."
    )
