"""Training, from a request to events and a model pack, without Qt."""
