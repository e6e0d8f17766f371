"""Reading a folder: its table of results, its progress and its filter."""
