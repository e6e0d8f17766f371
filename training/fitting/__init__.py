"""A training run: from a request through steps, checkpoints and validation to a model pack."""
