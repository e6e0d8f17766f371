"""Labelled scans, from a folder of class folders or a table, and the files that are not used."""
