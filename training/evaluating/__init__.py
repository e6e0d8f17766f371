"""The evaluation of a model: its figures, the patients they rest on, its heatmaps, and a report."""
