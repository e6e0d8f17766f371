"""The process in which networks run and folders are read, seen from both sides.

Importing TensorFlow holds Python's global lock for seconds, compiling a network loads all
cores, and decoding a folder's scans takes the lock from a window thousands of times. So the
window's process does none of it: a child does, and answers requests over a pipe. The child
ends when the pipe closes, however the parent ended.
"""
