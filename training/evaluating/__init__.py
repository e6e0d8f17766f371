"""A model under test: its figures, where they come from, its explanations, and a report."""
