"""Building blocks of the reports: HTML pages, figures and lists of scans."""
