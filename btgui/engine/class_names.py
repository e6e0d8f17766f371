"""What the classes of data sets are called where a person reads them, and which one is healthy."""

from __future__ import annotations

from collections.abc import Sequence

_NO_TUMOUR = "No tumour"
_DISPLAY_NAMES = {
    "glioma": "Glioma",
    "meningioma": "Meningioma",
    "pituitary": "Pituitary tumour",
}
# As public data sets and hospitals name it, without spaces, hyphens and underscores.
_WITHOUT_TUMOUR = frozenset({"notumor", "notumour", "notumors", "notumours"})
_HEALTHY = _WITHOUT_TUMOUR | {
    "control",
    "controls",
    "healthy",
    "no",
    "nofinding",
    "nofindings",
    "nolesion",
    "nonlesion",
    "nontumor",
    "nontumour",
    "normal",
    "tumorfree",
    "tumourfree",
}


def display_name(label: str) -> str:
    """Return what a class is called unless somebody says otherwise: its own name, if not known."""
    if _bare(label) in _WITHOUT_TUMOUR:
        return _NO_TUMOUR
    return _DISPLAY_NAMES.get(label, label)


def healthy_index(classes: Sequence[str], display_names: Sequence[str]) -> int | None:
    """Return which class shows no tumour, by its name or by what it is called.

    What the reader calls a class counts before the name of its folder.

    Returns
    -------
    The class's place; None where no class or more than one is named so.
    """
    for names in (display_names, classes):
        found = [index for index, name in enumerate(names) if _bare(name) in _HEALTHY]
        if len(found) == 1:
            return found[0]
    return None


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
