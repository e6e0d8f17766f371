"""Series of slices: choosing one, scrolling through it, and what the model says along it."""
