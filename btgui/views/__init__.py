"""Widgets: they show finished results and report what the user asks for."""
