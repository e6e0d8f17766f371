"""Screenshots of the application for the documentation."""
