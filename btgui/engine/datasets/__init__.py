"""Labelled scans: a folder of class folders or a table, and what in it is not used."""
