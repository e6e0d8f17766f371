"""Several models on the same scans, side by side with the published figures."""
