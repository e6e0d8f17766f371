"""Display names of data-set classes, and which class means "no tumour"."""

from __future__ import annotations

from collections.abc import Sequence

_NO_TUMOUR = "No tumour"
_DISPLAY_NAMES = {
    "glioma": "Glioma",
    "meningioma": "Meningioma",
    "pituitary": "Pituitary tumour",
}
# Names used by public data sets and hospitals, without spaces, hyphens and underscores.
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
    """Return the default display name of a class; for an unknown class, the label itself."""
    if _bare(label) in _WITHOUT_TUMOUR:
        return _NO_TUMOUR
    return _DISPLAY_NAMES.get(label, label)


def healthy_index(classes: Sequence[str], display_names: Sequence[str]) -> int | None:
    """Return the index of the class without a tumour, recognised by its name.

    Display names take precedence over the classes' own names (those of their folders).

    Returns
    -------
    The class's index; None if no class, or more than one, has such a name.
    """
    for names in (display_names, classes):
        found = [index for index, name in enumerate(names) if _bare(name) in _HEALTHY]
        if len(found) == 1:
            return found[0]
    return None


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
