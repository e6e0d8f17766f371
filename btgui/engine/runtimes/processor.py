"""The processor's name."""

from __future__ import annotations

import platform
from pathlib import Path


def processor_name() -> str:
    """Return the processor's product name if the system tells it, else its architecture."""
    cpu_facts = Path("/proc/cpuinfo")
    if cpu_facts.is_file():
        for line in cpu_facts.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
