"""Label texts that a screen reader reads with a name, where the text alone says too little."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


def set_named_text(label: QLabel, name: str, text: str) -> None:
    """Show a text that a screen reader reads after a name: "Verdict: Glioma".

    A label's accessible name replaces its text for screen readers, so it contains both.
    """
    label.setText(text)
    label.setAccessibleName(f"{name}: {text}" if text else "")
