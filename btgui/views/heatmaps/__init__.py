"""Explanations of a verdict: heatmaps of each stage's evidence over the scan."""
