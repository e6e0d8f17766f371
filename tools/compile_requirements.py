"""Pin every package, with hashes, from requirements/*.in.

Usage: python tools/compile_requirements.py   (needs uv: pip install uv)
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {
    "requirements.txt": "app.in",
    "requirements-dev.txt": "dev.in",
    "requirements-gpu.txt": "gpu.in",
}


def main() -> int:
    """Compile all files; return the exit status, 0 if all were compiled."""
    for target, source in TARGETS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", f"requirements/{source}"]
        command += ["--output-file", target]
        # No header, index or annotations, which would depend on where this runs.
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
        command += ["--no-header", "--no-annotate", "--no-emit-index-url"]
        if subprocess.call(command, cwd=ROOT):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
