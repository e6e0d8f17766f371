"""Labelled scans on their way to a network: split, noted, preprocessed and kept on disk."""
