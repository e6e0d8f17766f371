"""ZIP files, as CDs and portals give them, unpacked into a private folder for a while."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Self

import psutil

from btgui.engine.errors import Cancelled, ScanError

_MARK = "btgui-archive-"
_MAXIMUM_BYTES = 8_000_000_000  # unpacked, of one archive
_MAXIMUM_FILES = 50_000
_MAXIMUM_RATIO = 200  # beyond it a picture is hardly what is compressed
_SMALL_BYTES = 10_000_000  # below it the ratio does not matter
_BLOCK = 1 << 20
_NESTED = 1  # archives in archives are opened this deep
_ENCRYPTED = 0x1


class UnpackedArchives:
    """Holds what was unpacked, readable by this user only, until it is closed.

    Use it as a context manager or call :meth:`close`.

    Parameters
    ----------
    folder
        Where the private folder is made; the system's folder for temporary files by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._root: Path | None = None
        self._unpacked: dict[Path, Path] = {}

    @property
    def root(self) -> Path:
        """The private folder; made when it is first wanted."""
        if self._root is None:
            prefix = f"{_MARK}{os.getpid()}-"
            self._root = Path(tempfile.mkdtemp(prefix=prefix, dir=self._folder))  # 0700
        return self._root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def unpack(self, archive: Path, is_cancelled: Callable[[], bool] = lambda: False) -> Path:
        """Unpack a ZIP file, and those in it, and return the folder; a second time at once.

        Raises
        ------
        ScanError
            It is no ZIP file, is damaged, has a password, unpacks to more than is allowed,
            or holds names that lead out of its folder.
        Cancelled
            ``is_cancelled``, asked before every block, said so.
        """
        archive = archive.absolute()
        if archive not in self._unpacked:
            target = Path(tempfile.mkdtemp(dir=self.root))
            try:
                _Unpacking(archive.name, is_cancelled).unpack(archive, target, _NESTED)
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                raise
            self._unpacked[archive] = target
        return self._unpacked[archive]

    def holds(self, path: Path) -> bool:
        """Whether a file lies in the private folder."""
        return self._root is not None and path.is_relative_to(self._root)

    def close(self) -> None:
        """Remove everything; safe to call twice."""
        if self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)
            self._root = None
        self._unpacked.clear()


def remove_left_behind(folder: Path | None = None) -> int:
    """Remove what applications that were killed left; return how many folders went.

    Of this user only. A folder of a process that still runs is kept.
    """
    removed = 0
    for place in Path(folder or tempfile.gettempdir()).glob(f"{_MARK}*"):
        try:
            owner = int(place.name[len(_MARK) :].split("-")[0])
            status = place.lstat()
        except (ValueError, OSError):
            continue
        mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if mine and stat.S_ISDIR(status.st_mode) and not psutil.pid_exists(owner):
            shutil.rmtree(place, ignore_errors=True)
            removed += not place.exists()
    return removed


class _Unpacking:
    """One archive with those in it: the limits hold for all of them together."""

    def __init__(self, name: str, is_cancelled: Callable[[], bool]) -> None:
        self._name = name
        self._is_cancelled = is_cancelled
        self._bytes = 0
        self._files = 0

    def unpack(self, archive: Path, target: Path, deeper: int) -> None:
        try:
            with zipfile.ZipFile(archive) as opened:
                entries = opened.infolist()
                for entry in entries:
                    self._check(entry)
                for entry in entries:
                    if not entry.is_dir():
                        self._write(opened, entry, target.joinpath(*_parts(entry)), deeper)
        except (ScanError, Cancelled):
            raise
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise ScanError(
                f"{self._name} is not a ZIP file that can be read, or it is damaged. Copy it again."
            ) from error
        except (OSError, ValueError) as error:
            raise ScanError(
                f"{self._name} cannot be unpacked. Check that you may read it and that there is "
                f"room for temporary files."
            ) from error
        except Exception as error:  # its decompressors raise kinds of their own
            raise ScanError(f"{self._name} is damaged. Copy it again.") from error

    def _check(self, entry: zipfile.ZipInfo) -> None:
        self._files += 1
        if entry.flag_bits & _ENCRYPTED:
            raise ScanError(
                f"{self._name} is protected by a password. Unpack it first, then open its folder."
            )
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise ScanError(
                f"{self._name} holds a file name that leads out of its own folder, which a "
                f"sound archive does not. It was not unpacked."
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ScanError(
                f"{self._name} holds a link, which a sound archive of scans does not. "
                f"It was not unpacked."
            )
        self._check_amount(entry.file_size, max(1, entry.compress_size))

    def _check_amount(self, size: int, packed: int) -> None:
        too_dense = size > _SMALL_BYTES and size > packed * _MAXIMUM_RATIO
        if too_dense or self._bytes + size > _MAXIMUM_BYTES or self._files > _MAXIMUM_FILES:
            raise ScanError(
                f"{self._name} unpacks to more than is allowed ({_MAXIMUM_FILES} files, "
                f"{_MAXIMUM_BYTES // 1_000_000_000} GB, {_MAXIMUM_RATIO} times its size). "
                f"Unpack it first, then open its folder."
            )
        self._bytes += size

    def _write(
        self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, deeper: int
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = 0
        # "x": a second entry of the same name never replaces the first.
        with opened.open(entry) as source, path.open("xb") as target:
            while block := source.read(_BLOCK):
                if self._is_cancelled():
                    raise Cancelled("Unpacking was stopped.")
                written += len(block)
                if written > entry.file_size:  # its directory told less than there is
                    raise ScanError(f"{self._name} is damaged. Copy it again.")
                target.write(block)
        if deeper and zipfile.is_zipfile(path):
            inner = path.with_name(f"{path.name} unpacked")
            inner.mkdir()
            self.unpack(path, inner, deeper - 1)
            path.unlink()


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(entry.filename.replace("\\", "/")).parts
