"""Drawing the class activation into the tumour.

For pooling plus one dense layer, the logit of class c is the spatial mean of the
class activation map M_c = sum_k w_kc A_k (+ bias) (Zhou et al. 2016). The training
network outputs M beside the logits; the loss is -log of the share of softmax(M_c)
that lies in the expert's mask, for the scans that have one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

_NEVER = -1e9  # a logarithm that adds nothing to a sum of exponentials
_SMALLEST = 1e-30  # of a mask: what is less is outside


def training_network(network: keras.Model) -> keras.Model:
    """Return a network that shares all layers and outputs ``logits`` and ``activation``."""
    import keras

    logits_layer = network.get_layer("logits")
    features = network.get_layer("pooling").input
    outputs = {"logits": logits_layer.output, "activation": logits_layer(features)}
    return keras.Model(network.input, outputs, name="training")


def mask_loss(mask: Any, activation: Any) -> Any:  # noqa: ANN401  (tensors of any back end)
    """Return -log of the softmax share inside the mask; (n,), zero without a mask.

    It is a difference of logarithms throughout: of a share that is too small for a float, too, it
    has a gradient, of the same size as of any other.

    Parameters
    ----------
    mask
        (n, g, g, classes), 0 to 1, non-zero in the plane of the true class only.
    activation
        (n, g, g, classes), the class activation maps.
    """
    from keras import ops

    count = ops.shape(mask)[0]
    classes = mask.shape[-1]
    # Half precision would lose small shares.
    activation, mask = ops.cast(activation, "float32"), ops.cast(mask, "float32")
    mask = ops.reshape(mask, (count, -1, classes))
    activation = ops.reshape(activation, (count, -1, classes))
    shares = ops.log_softmax(activation, axis=1) + ops.log(ops.maximum(mask, _SMALLEST))
    inside = ops.logsumexp(ops.where(mask > _SMALLEST, shares, _NEVER), axis=1)
    has_mask = ops.max(mask, axis=1)
    return ops.sum(-inside * has_mask, axis=-1)
