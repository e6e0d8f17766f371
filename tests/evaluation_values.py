"""A small evaluation as the ``evaluate`` command writes it."""

_SHARE = {"value": 0.5, "low": 0.1, "high": 0.9}
_KINDS = dict.fromkeys(("recall", "specificity", "precision", "f1", "auc"), _SHARE)
VALUES = {
    "model": "Mine",
    "protocol": "honest",
    "data": "the <test> scans",
    "count": 4,
    "accuracy": 0.75,
    "interval": [0.3, 0.95],
    "class_order": ["tumour", "healthy"],
    "display_names": ["Tumour", "Healthy"],
    "per_class": {"tumour": {"count": 2}, "healthy": {"count": 2}},
    "classes": {"tumour": _KINDS, "healthy": _KINDS},
    "confusion": [[1, 1], [0, 2]],
    "cautions": ["scans names no <test> scans, so all of its 4 scans were tested."],
    "expected_calibration_error": 0.05,
    "calibration": {"after": {"value": 0.05, "low": 0.01, "high": 0.1, "by_chance": 0.02}},
    "reliability": [{"probability": 0.8, "right": 0.75, "count": 4}],
    "milliseconds": {"median": 10.0, "percentile_95": 20.0},
    "unreadable": ["5.png is empty."],
    "scans": [
        {"path": "1.png", "is": "tumour", "said": "tumour", "probabilities": [0.9, 0.1]},
        {"path": "2.png", "is": "tumour", "said": "healthy", "probabilities": [0.4, 0.6]},
        {"path": "3.png", "is": "healthy", "said": "healthy", "probabilities": [0.3, 0.7]},
        {"path": "4.png", "is": "healthy", "said": "healthy", "probabilities": [0.1, 0.9]},
    ],
    "against": {
        "model": "Theirs",
        "model_id": "theirs",
        "parts": {
            "all": {"count": 4, "first": 0.75, "second": 0.5, "p_value": 0.5},
            "healthy": {"count": 2, "first": 1.0, "second": 0.4, "p_value": 0.01},
        },
    },
}
