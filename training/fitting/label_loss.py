"""Loss and accuracy for scans with partial labels.

A scan of a tumour of unknown kind is "glioma or meningioma or pituitary, but not healthy": its target
has a one for each possible class. The loss is -log of the sum of the probabilities of these classes
(Cour, Sapp and Taskar 2011, learning from partial labels); with one possible class it is the usual
cross-entropy.

The training scans may lack classes that the fine-tuned model knows. Loss and accuracy are then
computed among the other classes alone, so that scans which cannot be of the missing classes do not
drive their logits down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

_NEVER = -1e9  # stands for the logarithm of 0


def label_loss(smoothing: float, present: Sequence[int] | None = None) -> Callable[[Any, Any], Any]:
    """Return a Keras loss (n,) of (n, classes) possible classes and (n, classes) logits.

    Parameters
    ----------
    smoothing
        Label smoothing (Szegedy et al. 2016), 0 to 1: share of the target spread evenly over the
        classes present.
    present
        Indices of the classes with training scans; None for all.
    """
    from keras import ops

    def loss(possible: Any, logits: Any) -> Any:  # noqa: ANN401  (tensors of any back end)
        possible, logits = _among(possible, present), _among(logits, present)
        # Half precision would lose small probabilities.
        logarithms = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
        among = ops.logsumexp(ops.where(possible > 0, logarithms, _NEVER), axis=-1)
        return -(1 - smoothing) * among - smoothing * ops.mean(logarithms, axis=-1)

    return loss


def share_right(present: Sequence[int] | None = None) -> keras.Metric:
    """Return a Keras metric: the share of scans for which :func:`named_possible` holds.

    All scans count alike, whatever the weights of their classes, except that scans of weight zero,
    which only pad a batch, do not count. ``present`` is as in :func:`label_loss`.
    """
    import keras
    from keras import ops

    class ShareRight(keras.metrics.MeanMetricWrapper):  # type: ignore[misc]
        def update_state(
            self,
            y_true: Any,  # noqa: ANN401
            y_pred: Any,  # noqa: ANN401
            sample_weight: Any = None,  # noqa: ANN401
        ) -> None:
            if sample_weight is not None:
                sample_weight = ops.cast(ops.convert_to_tensor(sample_weight) > 0, self.dtype)
            super().update_state(y_true, y_pred, sample_weight)

    def right(possible: Any, logits: Any) -> Any:  # noqa: ANN401  (tensors of any back end)
        return named_possible(_among(possible, present), _among(logits, present))

    return ShareRight(right, name="accuracy")


def named_possible(possible: Any, logits: Any) -> Any:  # noqa: ANN401  (tensors of any back end)
    """Return whether the class with the largest logit is possible; (n,), 0 or 1."""
    from keras import ops

    said = ops.one_hot(ops.argmax(logits, axis=-1), logits.shape[-1], dtype=possible.dtype)
    return ops.sum(ops.multiply(said, possible), axis=-1)


def _among(values: Any, present: Sequence[int] | None) -> Any:  # noqa: ANN401
    """Return the columns of the classes present, (n, present), of (n, classes)."""
    from keras import ops

    if present is None or len(present) == values.shape[-1]:
        return values
    return ops.take(values, list(present), axis=-1)
