"""The application without its window: ``analyze`` and ``models``."""
