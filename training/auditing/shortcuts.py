"""Shortcuts: simple image properties that give a scan's class away.

A class that can be recognised by image size, border or the histogram of grey levels alone usually
coincides with a source or a sequence; a network learns that instead of anatomy.
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
    "mean grey level",
    "contrast",
    "centre brightness",
    *(f"grey levels {16 * n} to {16 * n + 15}" for n in range(16)),
)
_BORDER = 4
_BLACK = 8
_FOLDS = 5
_TREES = 100
# With fewer scans, starting worker processes takes longer than the work.
_WORTH_WORKERS = 2000


@dataclass(frozen=True)
class Shortcut:
    """How well a class is distinguished from all others by simple properties alone.

    ``auc`` is the area under the ROC curve, 0.5 (not at all) to 1 (always), cross-validated
    over five folds that keep together copies, near copies and all scans of a known or inferred
    patient; ``strongest`` names the properties with the highest importance in a random forest.
    """

    label: str
    auc: float
    strongest: tuple[str, ...]

    @property
    def alarm(self) -> bool:
        """Whether the properties give the class away."""
        return self.auc >= ALARM_AUC


def cheap_features(scan: Scan, small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the properties named in :data:`FEATURE_NAMES`, (features,).

    Parameters
    ----------
    small
        (64, 64) thumbnail of the scan, from :func:`training.grouping.copies.thumbnail`.
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
    """Measure how well simple properties alone identify each class that has enough scans.

    Parameters
    ----------
    features
        (n, len(FEATURE_NAMES)) properties of each scan.
    groups
        (n,) group of each scan. Related scans have one number and stay in one fold: a copy in
        another fold, or another slice of the same patient, would give the class away too.
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
