"""The report of a reading: on a page, as a PDF and on paper."""
