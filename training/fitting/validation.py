"""Logits of the validation scans, and the calibration of a network on them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import TrainingError
from btgui.engine.training_request import TrainingRequest
from training.calibration import fit_class_biases, fit_temperature
from training.fitting.prediction import predict_batches, unchanged_batches
from training.networks.exact_arithmetic import exact_arithmetic
from training.scans.cache import CachedScans

if TYPE_CHECKING:
    import keras

# A collection of fewer scans has less weight, so that a single odd scan has little influence.
_FULL_COLLECTION = 100


@exact_arithmetic()
def validation_logits(
    network: keras.Model,
    request: TrainingRequest,
    classes: tuple[str, ...],
    validation: CachedScans,
    done: Callable[[int], None] = lambda _count: None,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return (n, classes) logits and (n,) true class indices of the scans of known class.

    They are computed in true float32, as in the application.

    Parameters
    ----------
    done
        Called after each batch with the number of scans read; may raise to stop.

    Raises
    ------
    TrainingError
        An output is not a number.
    """
    import keras

    batches = unchanged_batches(request, classes, validation)
    to_logits = keras.Model(network.input, network.get_layer("logits").output)
    logits = np.concatenate(predict_batches(to_logits, batches, done))
    if not math.isfinite(float(np.abs(logits).max())):
        raise TrainingError("The trained network's outputs are not numbers; nothing was saved.")
    known = batches.possible.sum(axis=1) == 1
    return logits[known], batches.possible[known].argmax(axis=1)


def validation_temperature(
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    scans: list[LabelledScan],
    expected: float = 1.0,
) -> float:
    """Return the temperature fitted with equal weight for all collections, whatever their sizes.

    The largest collection is often the easiest; a temperature fitted on the mixture would make
    verdicts on scans from elsewhere overconfident. A collection of fewer than 100 scans has
    proportionally less weight.

    Parameters
    ----------
    logits, labels
        From :func:`validation_logits`.
    scans
        The validation scans; those without a known class are ignored.
    expected
        As in :func:`training.calibration.fit_temperature`.
    """
    return fit_temperature(logits, labels, all_collections_alike(scans), expected)


@dataclass(frozen=True)
class Calibrated:
    """The calibration of a trained network on its validation scans.

    ``accuracy`` is that on the same scans. ``biases`` are the values added to the logits of each class;
    empty without bias correction.
    """

    temperature: float
    accuracy: float
    biases: tuple[float, ...] = ()


def calibrate(
    network: keras.Model,
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    scans: list[LabelledScan],
    *,
    bias_correction: bool,
) -> Calibrated:
    """Fit the temperature and, if requested, class biases, which are added to the network's last layer.

    All collections have equal weight, as in :func:`validation_temperature`; each collection informs
    only the biases of its own classes. The biases are part of the weights, so that every runtime
    computes them.

    Parameters
    ----------
    logits, labels
        Values for the network without biases, from :func:`validation_logits`.
    """
    biases = None
    if bias_correction:
        candidates = classes_of_collections(scans, labels, logits.shape[1])
        biases = fit_class_biases(logits, labels, all_collections_alike(scans), candidates)
        layer = network.get_layer("logits")
        kernel, bias = layer.get_weights()
        layer.set_weights([kernel, bias + biases])
        logits = logits + biases
    return Calibrated(
        validation_temperature(logits, labels, scans),
        float((logits.argmax(axis=1) == labels).mean()),
        () if biases is None else tuple(biases.tolist()),
    )


def classes_of_collections(
    scans: list[LabelledScan], labels: NDArray[np.int64], count: int
) -> NDArray[np.bool_]:
    """Return, for each scan of known class, which classes its collection has; (n, count)."""
    names, numbers = np.unique(_collections(scans), return_inverse=True)
    has = np.zeros((len(names), count), bool)
    has[numbers, labels] = True
    return np.asarray(has[numbers])


def all_collections_alike(scans: list[LabelledScan]) -> NDArray[np.float64]:
    """Return a weight for each scan of known class; (n,).

    The weights of a collection sum to 1 or, with fewer than 100 scans, are a hundredth each.
    """
    collections = _collections(scans)
    sizes = Counter(collections)
    return np.array([1 / max(sizes[name], _FULL_COLLECTION) for name in collections])


def _collections(scans: list[LabelledScan]) -> list[str]:
    return [scan.collection for scan in scans if scan.is_known]
