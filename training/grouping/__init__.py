"""Which scans belong together: copies, neighbours in a head, patients."""
