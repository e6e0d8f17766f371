"""Comparison of several models on the same scans, beside the published figures."""
