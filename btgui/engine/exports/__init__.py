"""Writing finished results to files; nothing is computed here."""
