"""Background work on Qt threads (QtCore only, no widgets)."""
