"""Fits what recognises scans unlike the training scans: prototypes, and the limit of novelty."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btgui.engine.novelty import NoveltyDetector, distances, novelty_limit, unit_length
from btgui.engine.training_request import TrainingRequest
from training.augmenting.batches import ScanBatches
from training.networks.exact_arithmetic import exact_arithmetic
from training.scans.cache import CachedScans

if TYPE_CHECKING:
    import keras

# More would take longer and change little: they lie where these do.
MOST_SCANS = 4000
_MOST_PROTOTYPES = 100
_SCANS_PER_PROTOTYPE = 50
# A smaller cluster would say much about its few patients, and is most likely an oddity.
_SMALLEST_CLUSTER = 10
_SMALLEST_LIMIT = 1e-6  # where all scans are one and the same


def fit_detector(
    network: keras.Model,
    request: TrainingRequest,
    classes: tuple[str, ...],
    train: CachedScans,
    validation: CachedScans,
    done: Callable[[int], None] = lambda _count: None,
) -> NoveltyDetector:
    """Return the novelty detector of a trained network.

    Parameters
    ----------
    train, validation
        Of the training scans, at most 4,000 drawn at random are clustered; the validation
        scans set the limit.
    done
        Called after each batch with how many scans have been read; may raise to stop.
    """
    generator = np.random.default_rng(request.seed)
    drawn = np.sort(generator.permutation(len(train.scans))[:MOST_SCANS])
    some = train.part(drawn.tolist())
    features = features_of(network, request, classes, some, done)
    count = len(features)
    chosen = features_of(network, request, classes, validation, lambda read: done(count + read))
    return detector_of(features, chosen, request.seed)


@exact_arithmetic()
def features_of(
    network: keras.Model,
    request: TrainingRequest,
    classes: tuple[str, ...],
    cached: CachedScans,
    done: Callable[[int], None] = lambda _count: None,
) -> NDArray[np.float32]:
    """Return the (n, d) features of scans: what the layer of the logits reads, in true float32."""
    import keras

    batches = ScanBatches(
        cached,
        classes,
        request.preprocessing,
        request.recipe,
        grid=1,
        seed=request.seed,
        training=False,
    )
    to_features = keras.Model(network.input, network.get_layer("logits").input)
    parts: list[NDArray[np.float32]] = []
    count = 0
    for index in range(len(batches)):
        parts.append(to_features.predict_on_batch(batches[index][0]).astype(np.float32))
        count += len(parts[-1])
        done(count)
    return np.concatenate(parts)


def detector_of(
    train: NDArray[np.floating], validation: NDArray[np.floating], seed: int
) -> NoveltyDetector:
    """Return the detector that (n, d) features of training and validation scans make.

    The prototypes are centroids of k-means (scikit-learn's, k-means++): one for each 50 training scans, at
    least one and at most 100. Clusters of fewer than ten scans are left out, unless all are.
    """
    from sklearn.cluster import KMeans

    directions = unit_length(train)
    different = len(np.unique(directions, axis=0))
    clusters = min(max(1, len(train) // _SCANS_PER_PROTOTYPE), _MOST_PROTOTYPES, different)
    found = KMeans(clusters, n_init=1, random_state=seed).fit(directions)
    sizes = np.bincount(found.labels_, minlength=clusters)
    large = sizes >= min(_SMALLEST_CLUSTER, sizes.max())
    # As a pack will hold them, so that the limit is that of what is used.
    prototypes = found.cluster_centers_[large].astype(np.float16).astype(np.float32)
    limit = novelty_limit(distances(validation, prototypes))
    return NoveltyDetector(prototypes, max(limit, _SMALLEST_LIMIT))
