"""The application without its window: ``analyze``, ``series`` and ``models``."""
