"""Class activation maps from a layer's activations and the class logit's gradients. NumPy only.

The gradient is that of the class *logit*: where the softmax is saturated (p = 1.0), the
gradient of the probability is zero and would explain nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.results import CamMethod

# Relative to the sum's terms: below it, "positive evidence" is rounding noise.
_NOISE = 1e-6


def class_activation_map(
    activations: NDArray[np.float32], gradients: NDArray[np.float32], method: CamMethod
) -> NDArray[np.float32]:
    """Return the class activation map of one stage.

    Parameters
    ----------
    activations
        (h, w, channels): the stage's output.
    gradients
        (h, w, channels): gradient of the class logit with respect to that output.
    method
        "grad_cam" (Selvaraju et al. 2017) or "grad_cam_plus_plus" (Chattopadhay et
        al. 2018).

    Returns
    -------
    The rectified map, (h, w) float32, normalised so that its maximum is 1; all zero if no
    location contributes positively to the class.
    """
    if method == "grad_cam":
        weights = gradients.mean(axis=(0, 1), dtype=np.float64)
    else:
        weights = _plus_plus_weights(activations, gradients)
    terms = activations.astype(np.float64) * weights
    summed = terms.sum(axis=-1)
    rectified = np.maximum(summed, 0.0)
    peak = float(rectified.max())
    if not np.isfinite(peak) or peak <= _NOISE * float(np.abs(terms).sum(axis=-1).max()):
        return np.zeros(summed.shape, np.float32)
    return np.asarray(rectified / peak, np.float32)


def _plus_plus_weights(
    activations: NDArray[np.float32], gradients: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return Grad-CAM++'s channel weights, (channels,).

    For the score exp(S), the n-th derivative with respect to A is exp(S) g^n (S is piecewise
    linear in A), and the common factor exp(S) cancels in alpha and in the
    normalisation: alpha = g^2 / (2 g^2 + sum(A) g^3), weight = sum(alpha relu(g)).
    """
    gradient = gradients.astype(np.float64)
    total = activations.astype(np.float64).sum(axis=(0, 1))
    squared = gradient**2
    denominator = 2 * squared + total * squared * gradient
    # A zero denominator means a zero gradient (or exact cancellation): such places get no weight.
    alpha = np.divide(
        squared, denominator, out=np.zeros_like(squared), where=np.abs(denominator) > 0
    )
    return np.asarray((alpha * np.maximum(gradient, 0.0)).sum(axis=(0, 1)))
