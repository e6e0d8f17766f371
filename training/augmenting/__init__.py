"""Random changes of scans that keep their diagnosis, and the batches made of them."""
