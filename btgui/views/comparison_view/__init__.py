"""What several models say of the same scans: figures, plots, confusion matrices, shared errors."""
