"""The training wizard: from a folder of scans to a model, one decision per page."""
