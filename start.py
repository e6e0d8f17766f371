"""Sets everything up in a virtual environment of its own and opens the application.

    python3 start.py              opens the application on a sample scan
    python3 start.py PATH …       opens it on your scans
    python3 start.py test         checks the code and runs the tests
    python3 start.py COMMAND …    works without a window: analyze, series, models, train

Standard library only. A second start takes no set-up time.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")
# What Qt loads from the system: library to Debian package.
SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
# Held by the start that sets up, so that another one waits.
LOCK = ROOT / ".venv.lock"
INTERRUPTED = 130  # the exit status of what Ctrl+C ended, as shells have it
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def main(arguments: list[str]) -> int:
    """Set up what is missing, then start what was asked for."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # the pinned packages know no other
        return fail(
            f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}. Start this file "
            f"with one of these: {'py -3.13' if WINDOWS else 'python3.13'} start.py"
        )
    if arguments[:1] in (["-h"], ["--help"]):  # sets nothing up
        print(__doc__)
        return 0
    test = arguments[:1] == ["test"]
    if sys.platform == "linux" and (missing := missing_packages()):
        status = install_packages(missing)
        if status:
            return status
    status = set_up(ROOT / ("requirements-dev.txt" if test else "requirements.txt"))
    if status:
        return status
    if test:
        return run_checks(arguments[1:])
    return run_application(arguments or ["--sample"])


def run_application(arguments: list[str]) -> int:
    """Run the application; return its exit status.

    Ctrl+C reaches it too: it closes its window, and may ask first. Nothing here hurries it.
    """
    with subprocess.Popen([PYTHON, ROOT / "main.py", *arguments]) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def missing_packages() -> list[str]:
    """Return the Debian packages whose libraries are not there."""
    missing = []
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if not any(folder.is_dir() and any(folder.rglob("*.[to]tf")) for folder in FONT_FOLDERS):
        missing.append("fonts-dejavu-core")
    try:
        import ensurepip  # noqa: F401  (Debian packs it apart)
    except ImportError:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def install_packages(packages: list[str]) -> int:
    """Install system packages as root or through sudo; else say how."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    command = f"apt-get update && {' '.join(install)}"
    say(f"The window needs system packages that are missing: {' '.join(packages)}")
    if not shutil.which("apt-get"):
        return fail("Install the packages of the same contents for your system, then start again.")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not (shutil.which("sudo") and sys.stdin.isatty()):
            return fail(f"Install them with: sudo sh -c '{command}'")
        prefix = ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], install):
        if subprocess.call([*prefix, *step], env=environment, stdout=sys.stderr):
            return fail(f"That did not work. Install them with: sudo sh -c '{command}'")
    return 0


def set_up(requirements: Path) -> int:
    """Make the environment and install the pinned packages, unless that has been done."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = ENVIRONMENT / f"{requirements.stem}.stamp"

    def is_done() -> bool:
        return PYTHON.exists() and stamp.is_file() and stamp.read_text() == wanted

    try:
        if is_done():
            return 0
        with alone():
            if is_done():  # by another start, which was waited for
                return 0
            say("Setting up (once; some minutes and about 3 GB) …")
            make_environment()
            status = install(requirements)
            if status == 0:
                stamp.write_text(wanted)
            return status
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        return fail(f"{ENVIRONMENT} could not be made: {error}")


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other start sets up, and keep others waiting."""
    from btgui.engine.disk.file_lock import LockHeldError, holding

    told = False
    while True:
        try:
            with holding(LOCK):
                yield
                return
        except LockHeldError:
            if not told:
                say("Another start is setting up; waiting for it …")
            told = True
            time.sleep(1)


def make_environment() -> None:
    """Make the environment anew, unless there is one of this Python's version whose pip works."""
    try:
        said = subprocess.run(
            [PYTHON, "-c", "import pip, sys; print(sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    except OSError:
        said = ""
    if said.strip() != str(sys.version_info[:2]):
        import venv

        venv.create(ENVIRONMENT, clear=True, symlinks=not WINDOWS, with_pip=True)


def install(requirements: Path) -> int:
    """Install the pinned packages; what is there already stays."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-user"]
    exact = ["--no-compile", "--require-hashes", "-r", requirements]
    if subprocess.call([*pip, *exact], stdout=sys.stderr):
        return fail(
            "The packages could not be installed; the reason is above. Check the network "
            "connection and the free space, then start again: it goes on from here."
        )
    # On every core, where pip would on one. What is no code of this Python's stays as it is.
    subprocess.call([PYTHON, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", ENVIRONMENT])
    return 0


def run_checks(arguments: list[str]) -> int:
    """Run lint, format, types and tests; return 0 if all are clean."""
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Every core has a test of its own already; threads of OpenBLAS would wait for one by spinning.
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        **os.environ,
    }
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "btgui/engine", "training", "tools/pictures"],
        # As many tests at once as there are cores; those of a file share what they built.
        ["pytest", "-n", "auto", "--dist", "loadfile", "--max-worker-restart", "0", *arguments],
    ]
    failed = []
    for check in checks:
        say(f"— {' '.join(check)}")
        if subprocess.call([PYTHON, "-m", *check], cwd=ROOT, env=environment):
            failed.append(check[0])
    if failed:
        return fail(f"Failed: {', '.join(failed)}.")
    return 0


def say(text: str) -> None:
    """Tell the user something."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> int:
    """Tell the user what is wrong; return the exit status."""
    say(text)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(INTERRUPTED)
