"""Labelled scans for training: split, recorded, preprocessed and cached on disk."""
