"""Fits the novelty detector of a trained network: its prototypes and its limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btgui.engine.novelty import (
    SMALLEST_LIMIT,
    NoveltyDetector,
    distances,
    features_of,
    novelty_limit,
)
from btgui.engine.training_request import TrainingRequest
from training.fitting.prediction import predict_batches, unchanged_batches
from training.networks.architectures import architecture
from training.networks.exact_arithmetic import exact_arithmetic
from training.scans.cache import CachedScans

if TYPE_CHECKING:
    import keras

# More scans would take longer and hardly move the prototypes.
MOST_SCANS = 4000
_MOST_PROTOTYPES = 100
_SCANS_PER_PROTOTYPE = 50
# A smaller cluster would describe a few patients, and is most likely an oddity.
_SMALLEST_CLUSTER = 10


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
    features = read_features(network, request, classes, some, done)
    count = len(features)
    chosen = read_features(network, request, classes, validation, lambda read: done(count + read))
    return detector_of(features, chosen, request.seed)


@exact_arithmetic()
def read_features(
    network: keras.Model,
    request: TrainingRequest,
    classes: tuple[str, ...],
    cached: CachedScans,
    done: Callable[[int], None] = lambda _count: None,
) -> NDArray[np.float32]:
    """Return the (n, d) features of scans (:mod:`btgui.engine.novelty`), computed in true float32."""
    import keras

    stages = [network.get_layer(one.layer) for one in architecture(request.architecture).stages]
    mean = keras.layers.GlobalAveragePooling2D()
    to_means = keras.Model(network.input, [mean(stage.output) for stage in stages])
    batches = unchanged_batches(request, classes, cached)
    return np.concatenate(
        [features_of(means) for means in predict_batches(to_means, batches, done)]
    )


def detector_of(
    train: NDArray[np.floating], validation: NDArray[np.floating], seed: int
) -> NoveltyDetector:
    """Return the detector fitted to the (n, d) features of training and validation scans.

    The prototypes are the centroids of k-means: one for every 50 training scans, at least one and at
    most 100. Clusters of fewer than ten scans are left out, unless none is larger.
    """
    from sklearn.cluster import KMeans

    different = len(np.unique(train, axis=0))
    clusters = min(max(1, len(train) // _SCANS_PER_PROTOTYPE), _MOST_PROTOTYPES, different)
    found = KMeans(clusters, n_init=1, random_state=seed).fit(train)
    sizes = np.bincount(found.labels_, minlength=clusters)
    large = sizes >= min(_SMALLEST_CLUSTER, sizes.max())
    # As a pack will hold them, so that the limit is that of what is used.
    prototypes = found.cluster_centers_[large].astype(np.float16).astype(np.float32)
    limit = novelty_limit(distances(validation, prototypes))
    return NoveltyDetector(prototypes, max(limit, SMALLEST_LIMIT))  # all scans may be identical
