"""Shared between the window and training runs: events, states and the folders of runs."""
