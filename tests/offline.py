"""Watching over processes for whatever they do with a network."""

import textwrap
from pathlib import Path

import pytest

# Loaded by Python itself as a process starts, its children's too. Everything in Python that makes,
# binds or connects a socket, or asks for a host's address, tells of it here, whichever library
# it is in. Sockets of the family UNIX are pipes between processes of one computer.
_WATCH = """
    import os
    import socket
    import sys

    LOCAL = getattr(socket, "AF_UNIX", None)

    def watch(event, arguments):
        if not event.startswith("socket."):
            return
        first = arguments[0] if arguments else None
        family = arguments[1] if event == "socket.__new__" else getattr(first, "family", None)
        if family is None or family != LOCAL:
            with open(TOLD, "a") as told:
                told.write(f"{event} {arguments[1:]}\\n")

    with open(TOLD, "a") as told:
        told.write(f"watching {os.getpid()}\\n")
    sys.addaudithook(watch)
"""


class Watch:
    """What Python processes that start from now on do with sockets."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._told = folder / "told.txt"
        self._told.touch()
        watch = f"TOLD = {str(self._told)!r}\n{textwrap.dedent(_WATCH)}"
        (folder / "sitecustomize.py").write_text(watch)
        monkeypatch.setenv("PYTHONPATH", str(folder))

    def processes(self) -> int:
        """Return how many processes were watched."""
        return sum(line.startswith("watching") for line in self._lines())

    def events(self) -> list[str]:
        """Return what they did with a network, as far as Python knows."""
        return [line for line in self._lines() if not line.startswith("watching")]

    def _lines(self) -> list[str]:
        return self._told.read_text().splitlines()


def open_network_sockets(pid: int) -> list[str]:
    """Return a Linux process' open sockets of any network, whoever opened them; none elsewhere."""
    place = Path("/proc") / str(pid)
    if not (place / "fd").is_dir():
        return []
    kinds = [f"{kind}{version}" for kind in ("tcp", "udp", "raw") for version in ("", "6")]
    known = {
        f"socket:[{line.split()[9]}]": f"{kind} {line.split()[1]}"
        for kind in kinds
        if (place / "net" / kind).is_file()
        for line in (place / "net" / kind).read_text().splitlines()[1:]
    }
    held = []
    for link in (place / "fd").iterdir():
        try:
            held.append(str(link.readlink()))
        except OSError:  # closed meanwhile
            continue
    return [known[name] for name in held if name in known]
