"""Dialogs: file choice, questions, help, keys, licences and errors."""
