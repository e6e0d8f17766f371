"""Results of the ``evaluate`` and ``compare`` commands, read back for the window."""
