"""The child process that runs the networks and reads folders: its client and its server.

Importing TensorFlow holds Python's global interpreter lock for seconds, compiling a network loads
all cores, and decoding a folder's scans takes the lock from the window thousands of times. The
window's process therefore leaves this work to a child process that answers requests over a pipe.
The child ends when the pipe closes, however the parent ended.
"""
