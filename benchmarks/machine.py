"""Facts about the computer, without names of the computer or its user."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

_LIBRARIES = (
    "PySide6-Essentials",
    "numpy",
    "opencv-python-headless",
    "openvino",
    "tensorflow",
    "keras",
)


def facts() -> dict[str, object]:
    """Return the processor, memory, system, library versions and current load."""
    import psutil

    from btgui.engine.runtimes.processor import processor_name

    return {
        "processor": processor_name(),
        "logical_processors": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "load_before": round(psutil.getloadavg()[0], 2),
    }
