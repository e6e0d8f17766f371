"""The window of the model library: the models, their cards, and the actions on them."""
