"""What an evaluation found: figures, confusion matrix, calibration, comparison."""
