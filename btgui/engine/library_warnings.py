"""Silence warnings and logs of file-reading libraries, which may quote patient data from headers.

Python's own way of silencing a block (``warnings.catch_warnings``) changes the filters of the
whole process and restores them when the block ends: with several threads reading, one thread may
restore the filters while another still needs them. So they are set once, before any thread reads.
"""

from __future__ import annotations

import logging
import warnings

# The packages that read the user's files; pydicom's decoders are separate packages.
_READERS = ("pydicom", "pylibjpeg", "openjpeg", "jpeg_ls", "gdcm", "PIL", "nibabel")


def silence_readers() -> None:
    """Suppress all warnings and log lines of the libraries that read files.

    :mod:`btgui.engine` calls this function on import, in every process. Warnings of other
    packages are still shown.
    """
    warnings.filterwarnings("ignore", module=rf"({'|'.join(_READERS)})(\.|\Z)")
    # pydicom also logs its warnings, and another library may have installed a visible handler.
    log = logging.getLogger("pydicom")
    log.propagate = False
    if not log.handlers:  # without a handler, Python would write warnings to the terminal
        log.addHandler(logging.NullHandler())
    logging.getLogger("nibabel.global").disabled = True  # this logger has a handler of its own
