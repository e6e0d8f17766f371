"""Finished results written to files; nothing here computes."""
