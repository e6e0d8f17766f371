"""The comparison of models on the same scans: figures, plots, confusion matrices, shared errors."""
