"""Every picture of the documentation, taken of the application as it is."""
