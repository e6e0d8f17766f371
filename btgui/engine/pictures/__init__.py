"""From values to a picture that a reader can look at, turn and measure."""
