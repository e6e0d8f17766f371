"""Set up a virtual environment with everything that is needed, and open the application.

    python3 start.py              open the application with a sample scan
    python3 start.py PATH …       open the application with your scans
    python3 start.py test         check the code and run the tests
    python3 start.py COMMAND …    work without a window: analyze, series, models, train

This file uses the standard library only. Setting up is done once; later starts skip it.
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
# The system libraries that Qt loads, each with its Debian package.
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
# Held while a process is setting up, so that another one waits.
LOCK = ROOT / ".venv.lock"
INTERRUPTED = 130  # the exit status after Ctrl+C, by the shells' convention
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def main(arguments: list[str]) -> int:
    """Set up what is missing, then run the application or the checks; return the exit status."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # the pinned packages support no others
        return fail(
            f"Python 3.11, 3.12 or 3.13 is needed, but this is {sys.version.split()[0]}. Start this "
            f"file with one of these, such as: {'py -3.13' if WINDOWS else 'python3.13'} start.py"
        )
    if arguments[:1] in (["-h"], ["--help"]):  # nothing is set up for this
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

    On POSIX the application takes the place of this process, so that a request to end reaches it. On
    Windows this process waits until it has ended: Ctrl+C reaches both, and the application closes its
    window, but may ask first.
    """
    command = [str(PYTHON), str(ROOT / "main.py"), *arguments]
    if not WINDOWS:
        os.execv(PYTHON, command)
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def missing_packages() -> list[str]:
    """Return the Debian packages whose libraries, fonts or modules are missing."""
    missing = []
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if not any(folder.is_dir() and any(folder.rglob("*.[to]tf")) for folder in FONT_FOLDERS):
        missing.append("fonts-dejavu-core")
    try:
        import ensurepip  # noqa: F401  (a separate package in Debian)
    except ImportError:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def install_packages(packages: list[str]) -> int:
    """Install system packages as root or through sudo, or print how to; return the exit status."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    command = f"apt-get update && {' '.join(install)}"
    say(f"The window needs system packages that are missing: {' '.join(packages)}")
    if not shutil.which("apt-get"):
        return fail("Install the equivalent packages of your system, then start again.")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not (shutil.which("sudo") and sys.stdin.isatty()):
            return fail(f"Install them with: sudo sh -c '{command}'")
        prefix = ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], install):
        if subprocess.call([*prefix, *step], env=environment, stdout=sys.stderr):
            return fail(f"The installation failed. Install them with: sudo sh -c '{command}'")
    return 0


def set_up(requirements: Path) -> int:
    """Create the environment and install the pinned packages, if needed; return the exit status."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = ENVIRONMENT / f"{requirements.stem}.stamp"

    def is_done() -> bool:
        return PYTHON.exists() and stamp.is_file() and stamp.read_text() == wanted

    try:
        if is_done():
            return 0
        with alone():
            if is_done():  # by another process, for which this one has waited
                return 0
            say("Setting up (only once; some minutes and about 3 GB) …")
            make_environment()
            status = install(requirements)
            if status == 0:
                stamp.write_text(wanted)
            return status
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        return fail(f"{ENVIRONMENT} could not be created: {error}")


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process is setting up, and keep others waiting during the block."""
    from btgui.engine.disk.file_lock import LockHeldError, holding

    announced = False
    while True:
        try:
            with holding(LOCK):
                yield
                return
        except LockHeldError:
            if not announced:
                say("Another process is setting up; waiting for it …")
            announced = True
            time.sleep(1)


def make_environment() -> None:
    """Create the environment, unless there is one of this Python version with a working pip."""
    try:
        output = subprocess.run(
            [PYTHON, "-c", "import pip, sys; print(sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    except OSError:
        output = ""
    if output.strip() != str(sys.version_info[:2]):
        import venv

        venv.create(ENVIRONMENT, clear=True, symlinks=not WINDOWS, with_pip=True)


def install(requirements: Path) -> int:
    """Install the pinned packages that are missing; return the exit status."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-user"]
    exact = ["--no-compile", "--require-hashes", "-r", requirements]
    if subprocess.call([*pip, *exact], stdout=sys.stderr):
        return fail(
            "The packages could not be installed; the reason is above. Check the network "
            "connection and the free disk space, then start again to continue from here."
        )
    # Compiled on all cores; pip would use one. Files that this Python cannot compile are skipped.
    subprocess.call([PYTHON, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", ENVIRONMENT])
    return 0


def run_checks(arguments: list[str]) -> int:
    """Run linter, formatter, type checker and tests; return 0 if all pass, else 1."""
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Every core already runs a test of its own; additional OpenBLAS threads would only spin.
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        **os.environ,
    }
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "btgui/engine", "training", "tools/pictures"],
        # One worker per core; the tests of a file share its fixtures.
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
    """Print a message to standard error."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> int:
    """Print an error message; return the exit status 1."""
    say(text)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(INTERRUPTED)
