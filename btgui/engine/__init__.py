"""The Qt-free engine: from a file to a prediction, its explanation and its record."""

import socket

from btgui.engine.library_warnings import silence_readers

# pydicom and TensorFlow import ``requests``, which nothing here calls. As it is loaded, urllib3
# binds a socket of this computer to see whether IPv6 works, unless Python says that there is
# none: so not even that one is opened. A download of weights does not look at this.
socket.has_ipv6 = False

silence_readers()
