"""The one-page report of a reading, saved as a PDF or printed."""
