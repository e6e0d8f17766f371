"""The sample scan shown on first start: a healthy head from Matplotlib's sample data."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from PIL import Image

from btgui.engine.disk.files import replacing
from btgui.engine.paths import user_cache_folder

_SIDE = 256


def sample_scan_path() -> Path:
    """Return the path of the sample scan, a 16-bit PNG written to the cache on the first call.

    Raises
    ------
    BtguiError
        The cache cannot be created.
    OSError
        Matplotlib's sample data is missing or the cache cannot be written.
    """
    file = user_cache_folder() / "Sample scan.png"
    if not file.is_file():
        import matplotlib as mpl

        packed = Path(mpl.get_data_path()) / "sample_data" / "s1045.ima.gz"
        content = gzip.decompress(packed.read_bytes())
        values = np.frombuffer(content, ">u2").reshape(_SIDE, _SIDE)
        with replacing(file) as temporary:
            Image.fromarray(values.astype(np.uint16)).save(temporary, format="PNG")
    return file
