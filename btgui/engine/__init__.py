"""The Qt-free engine: from a file to a prediction, its explanation and its record."""
