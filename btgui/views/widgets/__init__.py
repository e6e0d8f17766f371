"""Small widgets that are independent of scans and models."""
