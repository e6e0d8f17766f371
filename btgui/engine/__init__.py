"""The Qt-free engine: from a file to a prediction, its explanation and its record."""

import socket

from btgui.engine.library_warnings import silence_readers

# pydicom and TensorFlow import ``requests``, which nothing here calls. On import, urllib3 binds a
# local socket to find out whether IPv6 works, unless Python reports no IPv6 support: with this
# flag cleared, not even that socket is opened. Downloads of weights do not look at the flag.
socket.has_ipv6 = False

silence_readers()
