"""Folders, and the scans and series in them, to choose from."""
