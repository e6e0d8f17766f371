"""A label's text for those who hear it: with a name before it where it alone says too little."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


def set_named_text(label: QLabel, name: str, text: str) -> None:
    """Show a text that a screen reader says after a name: "Verdict: Glioma".

    A label's accessible name stands in the place of its text: it has to hold both.
    """
    label.setText(text)
    label.setAccessibleName(f"{name}: {text}" if text else "")
