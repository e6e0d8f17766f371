"""Files and folders: atomic writing, locks, private folders and reading with a time limit."""
