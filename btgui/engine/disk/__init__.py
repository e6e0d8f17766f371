"""Files and folders: written whole or not at all, locked, private, and given up on in time."""
