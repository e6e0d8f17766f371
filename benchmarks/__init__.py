"""Benchmarks of speed and memory, as ratios measured side by side (``python -m benchmarks run``)."""
