"""The window of the model library: what there is, what is known of it, what can be done with it."""
