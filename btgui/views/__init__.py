"""Widgets: they show finished results and say what the user asked for."""
