"""From pixel values to an image that the reader can window, rotate, flip and measure."""
