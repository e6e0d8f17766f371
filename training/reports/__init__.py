"""Pages and pictures that reports are made of."""
