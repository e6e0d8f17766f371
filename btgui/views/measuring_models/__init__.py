"""Measuring models on the user's own scans: the windows for one model and for several."""
