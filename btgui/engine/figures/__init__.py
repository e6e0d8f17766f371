"""What the measuring commands found, read back for the window."""
