"""Series of slices: choosing a series, scrolling through it, and the model's reading of it."""
