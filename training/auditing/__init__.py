"""The audit of a data set for copies, leaks, label conflicts and shortcuts, and its report."""
