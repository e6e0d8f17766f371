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


def training_network(network: keras.Model) -> keras.Model:
    """Return a network that shares all layers and outputs ``logits`` and ``activation``."""
    import keras

    logits_layer = network.get_layer("logits")
    features = network.get_layer("pooling").input
    outputs = {"logits": logits_layer.output, "activation": logits_layer(features)}
    return keras.Model(network.input, outputs, name="training")


def mask_loss(mask: Any, activation: Any) -> Any:  # noqa: ANN401  (tensors of any back end)
    """Return -log of the softmax share inside the mask; (n,), zero without a mask.

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
    activation = ops.cast(activation, "float32")  # half precision would lose small shares
    mask = ops.reshape(mask, (count, -1, classes))
    activation = ops.reshape(activation, (count, -1, classes))
    share = ops.sum(ops.softmax(activation, axis=1) * mask, axis=1)
    has_mask = ops.max(mask, axis=1)
    return ops.sum(-ops.log(share + 1e-6) * has_mask, axis=-1)
