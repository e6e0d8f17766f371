"""What a network says of the scans that choose."""

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
from training.augmenting.batches import ScanBatches
from training.calibration import fit_class_biases, fit_temperature
from training.networks.exact_arithmetic import exact_arithmetic
from training.scans.cache import CachedScans

if TYPE_CHECKING:
    import keras

# A collection of fewer scans counts less than the others: one odd scan must not decide.
_FULL_COLLECTION = 100


@exact_arithmetic()
def validation_logits(
    network: keras.Model,
    request: TrainingRequest,
    classes: tuple[str, ...],
    validation: CachedScans,
    done: Callable[[int], None] = lambda _count: None,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return (n, classes) logits and (n,) true class indices of scans whose class is known.

    Computed in true float32, so that they are those that the application will compute.

    Parameters
    ----------
    done
        Called after each batch with how many scans have been read; may raise to stop.

    Raises
    ------
    TrainingError
        An output is not a number.
    """
    import keras

    batches = ScanBatches(
        validation,
        classes,
        request.preprocessing,
        request.recipe,
        grid=1,
        seed=request.seed,
        training=False,
    )
    to_logits = keras.Model(network.input, network.get_layer("logits").output)
    parts, count = [], 0
    for index in range(len(batches)):
        parts.append(to_logits.predict_on_batch(batches[index][0]))
        count += len(parts[-1])
        done(count)
    logits = np.concatenate(parts)
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
    """Return the temperature that suits all collections alike, whatever their sizes.

    The largest collection is often the easiest; fitted on the mixture, a temperature would
    make verdicts on scans from elsewhere too sure. A collection of fewer than 100 scans counts
    as much less as it is smaller.

    Parameters
    ----------
    logits, labels
        As :func:`validation_logits` returns them.
    scans
        What was validated on; those whose class is not known are passed over.
    expected
        As :func:`training.calibration.fit_temperature` takes it.
    """
    return fit_temperature(logits, labels, all_collections_alike(scans), expected)


@dataclass(frozen=True)
class Calibrated:
    """What was fitted to the scans that choose when the network was trained.

    ``accuracy`` is on these same scans. ``biases`` has what was added to the logits of each
    class; it is empty where nothing was to be added.
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
    """Fit the temperature and, where asked for, class biases, which the network's last layer gets.

    All collections count alike, as in :func:`validation_temperature`; in the biases, each has a
    say about the classes that it has. Biases lie in the weights and not beside them, so that
    whatever computes the network computes them.

    Parameters
    ----------
    logits, labels
        Of the network as it is, as :func:`validation_logits` returns them.
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
    """Return (n, count): for each scan whose class is known, the classes that its collection has."""
    names, numbers = np.unique(_collections(scans), return_inverse=True)
    has = np.zeros((len(names), count), bool)
    has[numbers, labels] = True
    return np.asarray(has[numbers])


def all_collections_alike(scans: list[LabelledScan]) -> NDArray[np.float64]:
    """Return a weight for each scan whose class is known; (n,).

    Those of a collection sum up to 1; of one with fewer than 100 scans, to a hundredth for each.
    """
    collections = _collections(scans)
    sizes = Counter(collections)
    return np.array([1 / max(sizes[name], _FULL_COLLECTION) for name in collections])


def _collections(scans: list[LabelledScan]) -> list[str]:
    return [scan.collection for scan in scans if scan.is_known]
