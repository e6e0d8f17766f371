"""The six networks, their ImageNet weights, and the Keras back ends and devices that run them."""
