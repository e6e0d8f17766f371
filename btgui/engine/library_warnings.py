"""What the libraries that read files say of them goes nowhere: they quote values of headers.

Python's own way of silencing a block (``warnings.catch_warnings``) changes the filters of the
whole process and sets them back when the block ends: with several threads reading, one thread's
warnings are shown in another's gap. So the filters are set once, before any thread reads.
"""

from __future__ import annotations

import logging
import warnings

# Which read files of the user's; pydicom's decoders are packages of their own.
_READERS = ("pydicom", "pylibjpeg", "openjpeg", "jpeg_ls", "gdcm", "PIL", "nibabel")


def silence_readers() -> None:
    """Let no warning and no log line of the libraries that read files be shown.

    The package calls it when it is first imported, in every process. Warnings of other
    packages are shown as before.
    """
    warnings.filterwarnings("ignore", module=rf"({'|'.join(_READERS)})(\.|\Z)")
    # It sends its warnings to the log too, and a library may have set up one that is shown.
    log = logging.getLogger("pydicom")
    log.propagate = False
    if not log.handlers:  # without any, Python would write them to the terminal
        log.addHandler(logging.NullHandler())
    logging.getLogger("nibabel.global").disabled = True  # which brings a handler of its own
