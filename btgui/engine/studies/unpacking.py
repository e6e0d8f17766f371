"""Unpacking a ZIP file, and the ZIP files within it, as far as it is valid and within limits.

A faulty entry is skipped; it never costs the study beside it.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from btgui.engine.disk.files import is_about_room
from btgui.engine.disk.ordinary_file import not_opened
from btgui.engine.errors import Cancelled, ScanError
from btgui.engine.studies.series import PassedOver

# Limits for one archive together with all archives within it.
_MAXIMUM_BYTES = 8_000_000_000
_MAXIMUM_FILES = 50_000
_MAXIMUM_RATIO = 200  # images hardly ever compress this well
_HARMLESS_BYTES = 1_000_000_000  # below this size, the ratio does not matter
_NESTED = 5  # levels of archives within archives
_DEEPEST = 100  # levels of folders within one archive
_LARGEST_DIRECTORY = 32_000_000  # bytes: ample for the files allowed; ten times as much in memory
# By default, Windows opens no file whose path exceeds 259 characters, and macOS 1,023.
_LONGEST_PATH = 240 if os.name == "nt" else 1000
_BLOCK = 1 << 20
_ENCRYPTED = 0x1
# Parts of names that are valid elsewhere ("T2*", "T1 10:30", "T1 ") but not on Windows: reserved
# characters, a trailing space or dot, and device names. A colon would denote an alternate stream.
_NOT_ON_WINDOWS = re.compile(
    r'[<>:"|?*\x00-\x1f]|[ .]$|^(?=(con|prn|aux|nul|com\d|lpt\d)(\.|$))', re.IGNORECASE
)


def unpack(
    archive: Path,
    target: Path,
    is_cancelled: Callable[[], bool],
    on_progress: Callable[[int, int], None],
) -> tuple[PassedOver, ...]:
    """Unpack into an existing folder, and return the entries that were skipped.

    Raises
    ------
    ScanError
        The file is not a ZIP file, exceeds the limits, or holds nothing usable.
    Cancelled
        ``is_cancelled``, called before every block, returned True.
    """
    unpacking = _Unpacking(archive, is_cancelled, on_progress)
    unpacking.unpack(archive, target, _NESTED)
    return tuple(unpacking.passed_over)


class _NoRoomError(ScanError):
    """The disk is full, so that no other entry could be unpacked either."""


class _ArchiveFile(io.FileIO):
    """An archive's file whose central directory, read in one go, must not fill the memory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > _LARGEST_DIRECTORY:
            raise _too_much(Path(str(self.name)).name)
        return super().read(size)


@dataclass
class _Unpacking:
    """The unpacking of one archive and the archives within it, with limits for all together."""

    archive: Path
    is_cancelled: Callable[[], bool]
    on_progress: Callable[[int, int], None]
    bytes: int = 0
    files: int = 0
    done: int = 0
    doubled: dict[Path, int] = field(default_factory=dict)
    passed_over: list[PassedOver] = field(default_factory=list)

    def unpack(self, archive: Path, target: Path, deeper: int) -> None:
        try:
            with _ArchiveFile(archive) as file, zipfile.ZipFile(file) as opened:
                self._unpack_entries(opened, archive, target, deeper)
        except (ScanError, Cancelled):
            raise
        except OSError as error:
            raise not_opened(archive, error) from error
        except Exception as error:  # zipfile raises many kinds on damaged bytes
            raise ScanError(
                f"{archive.name} is not a readable ZIP file, or it is damaged. Copy it again."
            ) from error

    def _unpack_entries(
        self, opened: zipfile.ZipFile, archive: Path, target: Path, deeper: int
    ) -> None:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        self._check_amount(archive.name, entries)
        before = len(self.passed_over)
        used = 0
        for entry in entries:
            if self.is_cancelled():
                raise Cancelled("Unpacking was stopped.")
            try:
                self._take(opened, entry, target, deeper)
                used += 1
            except (Cancelled, _NoRoomError):
                raise
            except Exception as error:  # decompressors raise exceptions of their own
                if is_about_room(error):
                    raise self._no_room() from error
                reason = _words(error, _shown(entry), archive.name)
                self.passed_over.append(PassedOver(archive / _shown(entry), reason))
            self.done += 1
            self.on_progress(self.done, self.files)
        if entries and not used:  # report one reason instead of one for every entry
            first = self.passed_over[before]
            del self.passed_over[before:]
            raise ScanError(first.reason)

    def _no_room(self) -> ScanError:
        return _NoRoomError(
            f"{self.archive.name} cannot be unpacked: the disk for temporary files is full. "
            f"Free some space there, or unpack it elsewhere and open the folder."
        )

    def _check_amount(self, name: str, entries: list[zipfile.ZipInfo]) -> None:
        files = self.files + len(entries)
        size = self.bytes + sum(entry.file_size for entry in entries)
        packed = self.archive.stat().st_size
        too_dense = size > _HARMLESS_BYTES and size > packed * _MAXIMUM_RATIO
        if too_dense or size > _MAXIMUM_BYTES or files > _MAXIMUM_FILES:
            raise _too_much(name)
        self.files, self.bytes = files, size

    def _take(
        self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, deeper: int
    ) -> None:
        archive = Path(opened.filename or "").name
        parts = _checked_parts(entry, archive)
        path = self._free(_place(target, parts))
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._write(opened, entry, path)
            if path.suffix.casefold() == ".zip":
                self._unpack_inner(path, deeper)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _write(self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
        # zipfile reads no more than the directory states, so the earlier size check holds.
        with opened.open(entry) as source, path.open("xb") as target:
            while block := source.read(_BLOCK):
                if self.is_cancelled():
                    raise Cancelled("Unpacking was stopped.")
                target.write(block)

    def _unpack_inner(self, path: Path, deeper: int) -> None:
        if not deeper:
            raise ScanError(
                f"{path.name} is nested in more than {_NESTED} ZIP files. Unpack it first, then "
                f"open the folder."
            )
        inner = self._free(path.with_name(f"{path.name} unpacked"))
        inner.mkdir()
        try:
            self.unpack(path, inner, deeper - 1)
        except BaseException:
            shutil.rmtree(inner, ignore_errors=True)
            raise
        path.unlink()

    def _free(self, path: Path) -> Path:
        """Return a path that is not taken yet, because two entries may have the same name."""
        candidate = path
        while candidate.exists():
            number = self.doubled[path] = self.doubled.get(path, 1) + 1
            candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        return candidate


def _too_much(name: str) -> ScanError:
    return ScanError(
        f"{name} exceeds the limits for unpacking ({_MAXIMUM_FILES} files, "
        f"{_MAXIMUM_BYTES // 1_000_000_000} GB, {_MAXIMUM_RATIO} times its size). "
        f"Unpack it first, then open the folder."
    )


def _checked_parts(entry: zipfile.ZipInfo, archive: str) -> tuple[str, ...]:
    name = entry.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if entry.flag_bits & _ENCRYPTED:
        raise ScanError(
            f"{_shown(entry)} in {archive} is protected by a password. Unpack {archive} first, "
            f"then open the folder."
        )
    # On Windows, "D:file" anywhere in a joined path refers to another drive.
    drive = any(PureWindowsPath(part).drive for part in parts)
    if name.startswith("/") or drive or ".." in parts or not parts:
        raise ScanError(
            f"{_shown(entry)} in {archive} has a path that leads outside its folder, which no "
            f"valid archive contains. It was not unpacked."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ScanError(f"{_shown(entry)} in {archive} is a symbolic link, not a scan.")
    if len(parts) > _DEEPEST:
        raise ScanError(
            f"{_shown(entry)} in {archive} is nested in more than {_DEEPEST} folders. It was not "
            f"unpacked."
        )
    return tuple(_NOT_ON_WINDOWS.sub("_", part) for part in parts)


def _place(target: Path, parts: tuple[str, ...]) -> Path:
    """Return the path for an entry; if too long, its folders are replaced by a single short name."""
    path = target.joinpath(*parts)
    if len(str(path)) <= _LONGEST_PATH:
        return path
    folders = hashlib.sha256("/".join(parts[:-1]).encode()).hexdigest()
    return target / folders[:16] / parts[-1]


def _shown(entry: zipfile.ZipInfo) -> str:
    """Return the entry's name without its folders."""
    return entry.filename.replace("\\", "/").rstrip("/").split("/")[-1] or "An entry"


def _words(error: Exception, name: str, archive: str) -> str:
    if isinstance(error, ScanError):
        return str(error)
    if isinstance(error, NotImplementedError):
        return (
            f"{name} in {archive} uses an unsupported compression method. Unpack {archive} "
            f"first, then open the folder."
        )
    if isinstance(error, OSError) and error.strerror:  # otherwise a decompressor raised it
        why = error.strerror.lower()
        return f"{name} in {archive} cannot be unpacked ({why}). Copy {archive} again."
    return f"{name} in {archive} is damaged. Copy {archive} again."
