"""Whether cheap properties of a scan give its class away.

A class that can be told by picture size, border or the spread of greys alone usually
equals a source or a sequence; a network learns that instead of anatomy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.scan import Scan

ALARM_AUC = 0.95
FEATURE_NAMES = (
    "width",
    "height",
    "border brightness",
    "share of black",
    "mean grey",
    "contrast",
    "centre against rim",
    *(f"greys {16 * n} to {16 * n + 15}" for n in range(16)),
)
_BORDER = 4
_BLACK = 8
_FOLDS = 5
_TREES = 100
# Below so many scans, starting workers takes longer than the work.
_WORTH_WORKERS = 2000


@dataclass(frozen=True)
class Shortcut:
    """How well a class is told from all others by cheap properties alone.

    ``auc`` is the area under the ROC curve, 0.5 (not at all) to 1 (always), cross-validated
    over five folds that keep copies, near copies and what is of one patient or head together;
    ``strongest`` names the properties that a random forest used most.
    """

    label: str
    auc: float
    strongest: tuple[str, ...]

    @property
    def alarm(self) -> bool:
        """Whether the class is given away."""
        return self.auc >= ALARM_AUC


def cheap_features(scan: Scan, small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the properties named in :data:`FEATURE_NAMES`, (features,).

    Parameters
    ----------
    small
        The scan as :func:`training.grouping.copies.thumbnail` reduces it, (64, 64).
    """
    inner = small[_BORDER:-_BORDER, _BORDER:-_BORDER]
    border = (small.sum(dtype=np.float64) - inner.sum(dtype=np.float64)) / (small.size - inner.size)
    head = small[small > _BLACK]
    greys = np.bincount(head // 16, minlength=16) / max(1, head.size)
    quarter = small.shape[0] // 4
    centre = small[quarter:-quarter, quarter:-quarter].mean()
    mean = small.mean()
    height, width = scan.shape
    black = (small <= _BLACK).mean()
    plain = (width, height, border, black, mean, small.std(), centre / max(mean, 1.0))
    return np.array([*plain, *greys], np.float32)


def find_shortcuts(
    features: NDArray[np.float32], labels: list[str], groups: NDArray[np.int64]
) -> list[Shortcut]:
    """Measure each class with enough scans.

    Parameters
    ----------
    features
        (n, len(FEATURE_NAMES)) float32.
    groups
        (n,) numbers of groups that belong together: a copy in another fold, or another slice of the
        head, would give the class away too.
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    found: list[Shortcut] = []
    workers = -1 if len(labels) >= _WORTH_WORKERS else 1
    for label in sorted(set(labels)):
        is_label = np.array([one == label for one in labels])
        of_label, of_others = set(groups[is_label].tolist()), set(groups[~is_label].tolist())
        if min(len(of_label), len(of_others)) < _FOLDS:
            continue
        forest = RandomForestClassifier(
            _TREES, min_samples_leaf=3, class_weight="balanced", n_jobs=workers, random_state=0
        )
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
        said = cross_val_predict(
            forest, features, is_label, groups=groups, cv=folds, method="predict_proba"
        )[:, 1]
        order = np.argsort(forest.fit(features, is_label).feature_importances_)[::-1]
        strongest = tuple(FEATURE_NAMES[index] for index in order[:3])
        found.append(Shortcut(label, float(roc_auc_score(is_label, said)), strongest))
    return found
