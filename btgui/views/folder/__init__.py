"""A folder that is read: its table, its progress and its filter."""
