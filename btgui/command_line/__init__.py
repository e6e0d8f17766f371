"""The commands that work without the window: ``analyze``, ``series`` and ``models``."""
