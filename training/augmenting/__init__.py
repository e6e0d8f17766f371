"""Augmentation that preserves the diagnosis, and batches of augmented scans."""
