"""A loss that moves the class activation into the tumour.

With global average pooling and one dense layer, the logit of class c is the spatial mean of the class
activation map M_c = sum_k w_kc A_k (+ bias) (Zhou et al. 2016). The training network outputs M beside
the logits; the loss is -log of the share of softmax(M_c) that lies in the expert's mask, for scans
with a mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

_NEVER = -1e9  # stands for the logarithm of 0
_SMALLEST = 1e-30  # mask values up to this are outside


def training_network(network: keras.Model) -> keras.Model:
    """Return a model that shares all layers with the network and outputs ``logits`` and ``activation``."""
    import keras

    logits_layer = network.get_layer("logits")
    features = network.get_layer("pooling").input
    outputs = {"logits": logits_layer.output, "activation": logits_layer(features)}
    return keras.Model(network.input, outputs, name="training")


def mask_loss(mask: Any, activation: Any) -> Any:  # noqa: ANN401  (tensors of any back end)
    """Return -log of the softmax share inside the mask; (n,), zero without a mask.

    The loss is computed from logarithms throughout, so that a share too small for a float has a gradient
    of the usual size too.

    Parameters
    ----------
    mask
        (n, rows, columns, classes) masks, 0 to 1, non-zero in the plane of the true class only.
    activation
        (n, rows, columns, classes) class activation maps.
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
