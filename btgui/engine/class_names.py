"""What the classes of the public data sets are called where a person reads them."""

from __future__ import annotations

_DISPLAY_NAMES = {
    "glioma": "Glioma",
    "meningioma": "Meningioma",
    "notumor": "No tumour",
    "pituitary": "Pituitary tumour",
}


def display_name(label: str) -> str:
    """Return what a class is called unless somebody says otherwise: its own name, if not known."""
    return _DISPLAY_NAMES.get(label, label)
