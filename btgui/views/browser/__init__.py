"""The browser for folders and the series and scans in them."""
