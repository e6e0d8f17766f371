"""The training wizard: from a folder of scans to a model, one idea a page."""
