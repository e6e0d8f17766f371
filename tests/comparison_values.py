"""A small comparison of three models as the ``compare`` command writes it."""

NAMES = ("tumour", "healthy")
_RATE = {"recall": 0.5, "precision": 0.5, "f1": 0.5, "count": 3, "said": 3}
_BY_CLASS = _RATE | {"recall_interval": [0.1, 0.9], "precision_interval": [0.1, 0.9]}


def _model(mark, name, confusion, right):
    return {
        "mark": mark,
        "label": name,
        "protocol": "honest",
        "parameters": 2_263_108 * (ord(mark) - 64),
        "milliseconds": {"median": 5.0 * (ord(mark) - 64)},
        "result": {
            "accuracy": right / 6,
            "interval": [max(0.0, right / 6 - 0.2), min(1.0, right / 6 + 0.2)],
            "expected_calibration_error": 0.05,
            "confusion": confusion,
        },
        "by_class": dict.fromkeys(NAMES, _BY_CLASS),
    }


def _scan(number, true, said):
    return {
        "scan": f"{number}.png",
        "path": f"{number}.png",
        "true": true,
        "said": dict(zip("ABC", said, strict=True)),
        "probability": {"A": 0.5 + number / 20, "B": 0.9, "C": 0.6},
    }


_T, _H = NAMES
VALUES = {
    "data": ["my <scans>"],
    "classes": list(NAMES),
    "display_names": ["Tumour", "Healthy"],
    "cautions": ["A & B were trained elsewhere."],
    "models": [
        _model("A", "Mine", [[1, 2], [0, 3]], 4),
        _model("B", "Shipped", [[2, 1], [1, 2]], 4),
        _model("C", "Third <b>", [[3, 0], [0, 3]], 6),
    ],
    "paired_tests": [
        {"first": "A", "second": "B", "only_first": 1, "only_second": 1, "p_adjusted": 1.0},
        {"first": "A", "second": "C", "only_first": 0, "only_second": 9, "p_adjusted": 0.004},
        {"first": "B", "second": "C", "only_first": 0, "only_second": 2, "p_adjusted": 0.5},
    ],
    "scans": [
        _scan(1, _T, (_T, _T, _T)),
        _scan(2, _T, (_H, _H, _T)),
        _scan(3, _T, (_H, _T, _T)),
        _scan(4, _H, (_H, _T, _H)),
        _scan(5, _H, (_H, _H, _H)),
        _scan(6, _H, (_H, _H, _H)),
    ],
}
