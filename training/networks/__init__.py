"""The six networks, their weights, and what computes them."""
