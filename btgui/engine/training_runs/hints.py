"""What the curves of a run say, in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_FEW_EPOCHS = 2
_WAITED = 3
_GAP = 0.08  # between the shares right on training and on validation scans
_STUCK_EPOCHS = 3
_CHANCE_FACTOR = 1.25


def training_hint(history: Mapping[str, Sequence[float]], class_count: int) -> str:
    """Return what a person should make of the curves so far, "" where it is too early.

    Parameters
    ----------
    history
        One value an epoch of ``accuracy``, ``validation_loss`` and
        ``validation_accuracy``, shares 0 to 1.
    class_count
        How many classes there are: guessing is right once in so many times.
    """
    losses = list(history["validation_loss"])
    if len(losses) < _FEW_EPOCHS:
        return ""
    shares = history["validation_accuracy"]
    if len(losses) >= _STUCK_EPOCHS and max(shares) < _CHANCE_FACTOR / class_count:
        return (
            "It seems stuck: no better than guessing. Check that the folders hold what their names "
            "say, or start again with a smaller learning rate."
        )
    best = losses.index(min(losses))
    waited = len(losses) - 1 - best
    if waited == 0:
        return "Still improving."
    if waited < _WAITED:
        return "Improving, with ups and downs." if best else "Not better yet than at first."
    if history["accuracy"][-1] - shares[-1] > _GAP:
        return (
            f"It learns its training scans by heart (over-fitting): no better on the others since "
            f"epoch {best + 1}. To stop now and keep that epoch loses nothing; more scans would help."
        )
    return (
        f"No better since epoch {best + 1}. To stop now and keep that epoch may lose little; the last "
        f"epochs, with a small learning rate, often still gain something."
    )
