"""Training: a request in, events and a model pack out. No Qt."""
