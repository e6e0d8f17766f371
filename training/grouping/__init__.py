"""Groups of related scans: copies, neighbouring slices and scans of one patient."""
