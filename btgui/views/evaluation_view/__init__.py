"""The results of an evaluation: figures, confusion matrix, calibration, comparison."""
