"""What the window and a training run have in common: events, states, and where runs lie."""
