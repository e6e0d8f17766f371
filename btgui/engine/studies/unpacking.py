"""One ZIP file unpacked, with those in it, as far as it is sound and within limits.

What is odd about one entry costs that entry, never the study that lies beside it.
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

# Of one archive with all that are in it.
_MAXIMUM_BYTES = 8_000_000_000
_MAXIMUM_FILES = 50_000
_MAXIMUM_RATIO = 200  # beyond it pictures are hardly what is compressed
_HARMLESS_BYTES = 1_000_000_000  # below it the ratio does not matter
_NESTED = 5  # archives in archives are opened this deep
_DEEPEST = 100  # folders in folders, within one archive
_LARGEST_DIRECTORY = 32_000_000  # bytes: much for so many files, and ten times as much in memory
# Windows, as it comes, opens no file whose path is longer than 259 characters, nor macOS than 1,023.
_LONGEST_PATH = 240 if os.name == "nt" else 1000
_BLOCK = 1 << 20
_ENCRYPTED = 0x1
# What a name may hold elsewhere ("T2*", "T1 10:30", "T1 ") and not on Windows: signs, an end in a space
# or a point, and the names of its devices. A colon would name a hidden stream.
_NOT_ON_WINDOWS = re.compile(
    r'[<>:"|?*\x00-\x1f]|[ .]$|^(?=(con|prn|aux|nul|com\d|lpt\d)(\.|$))', re.IGNORECASE
)


def unpack(
    archive: Path,
    target: Path,
    is_cancelled: Callable[[], bool],
    on_progress: Callable[[int, int], None],
) -> tuple[PassedOver, ...]:
    """Unpack into a folder that is there; return the entries that were passed over.

    Raises
    ------
    ScanError
        It is no ZIP file, unpacks to more than is allowed, or nothing in it can be used.
    Cancelled
        ``is_cancelled``, asked before every block, said so.
    """
    unpacking = _Unpacking(archive, is_cancelled, on_progress)
    unpacking.unpack(archive, target, _NESTED)
    return tuple(unpacking.passed_over)


class _NoRoomError(ScanError):
    """The disk is full: no other entry would fare better."""


class _ArchiveFile(io.FileIO):
    """An archive's file: its directory, which is read at once, must not fill the memory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > _LARGEST_DIRECTORY:
            raise _too_much(Path(str(self.name)).name)
        return super().read(size)


@dataclass
class _Unpacking:
    """One archive with those in it: the limits hold for all of them together."""

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
                f"{archive.name} is not a ZIP file that can be read, or it is damaged. "
                f"Copy it again."
            ) from error

    def _unpack_entries(
        self, opened: zipfile.ZipFile, archive: Path, target: Path, deeper: int
    ) -> None:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        self._check_amount(archive.name, entries)
        told = len(self.passed_over)
        used = 0
        for entry in entries:
            if self.is_cancelled():
                raise Cancelled("Unpacking was stopped.")
            try:
                self._take(opened, entry, target, deeper)
                used += 1
            except (Cancelled, _NoRoomError):
                raise
            except Exception as error:  # decompressors raise kinds of their own
                if is_about_room(error):
                    raise self._no_room() from error
                reason = _words(error, _shown(entry), archive.name)
                self.passed_over.append(PassedOver(archive / _shown(entry), reason))
            self.done += 1
            self.on_progress(self.done, self.files)
        if entries and not used:  # one reason says it, instead of the same for every entry
            first = self.passed_over[told]
            del self.passed_over[told:]
            raise ScanError(first.reason)

    def _no_room(self) -> ScanError:
        return _NoRoomError(
            f"{self.archive.name} cannot be unpacked: the disk for temporary files is full. "
            f"Make room there, or unpack it elsewhere and open its folder."
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
        # No more is read than the directory tells: what was checked before holds.
        with opened.open(entry) as source, path.open("xb") as target:
            while block := source.read(_BLOCK):
                if self.is_cancelled():
                    raise Cancelled("Unpacking was stopped.")
                target.write(block)

    def _unpack_inner(self, path: Path, deeper: int) -> None:
        if not deeper:
            raise ScanError(
                f"{path.name} lies in more than {_NESTED} ZIP files, one in the other. Unpack it "
                f"first, then open its folder."
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
        """Return a path at which nothing is: two entries may have one name."""
        candidate = path
        while candidate.exists():
            number = self.doubled[path] = self.doubled.get(path, 1) + 1
            candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        return candidate


def _too_much(name: str) -> ScanError:
    return ScanError(
        f"{name} unpacks to more than is allowed ({_MAXIMUM_FILES} files, "
        f"{_MAXIMUM_BYTES // 1_000_000_000} GB, {_MAXIMUM_RATIO} times its size). "
        f"Unpack it first, then open its folder."
    )


def _checked_parts(entry: zipfile.ZipInfo, archive: str) -> tuple[str, ...]:
    name = entry.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if entry.flag_bits & _ENCRYPTED:
        raise ScanError(
            f"{_shown(entry)} in {archive} is protected by a password. Unpack {archive} first, "
            f"then open its folder."
        )
    # Joined to a folder, Windows takes "D:file" for a place on another drive, wherever it stands.
    drive = any(PureWindowsPath(part).drive for part in parts)
    if name.startswith("/") or drive or ".." in parts or not parts:
        raise ScanError(
            f"{_shown(entry)} in {archive} has a name that leads out of its own folder, as in no "
            f"sound archive. It was not unpacked."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ScanError(f"{_shown(entry)} in {archive} is a link, not a scan.")
    if len(parts) > _DEEPEST:
        raise ScanError(
            f"{_shown(entry)} in {archive} lies in more than {_DEEPEST} folders, one in the "
            f"other. It was not unpacked."
        )
    return tuple(_NOT_ON_WINDOWS.sub("_", part) for part in parts)


def _place(target: Path, parts: tuple[str, ...]) -> Path:
    """Return where an entry goes; folders whose names are too long together become one of a short name."""
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
            f"{name} in {archive} is packed in a way that is not read. Unpack {archive} first, "
            f"then open its folder."
        )
    if isinstance(error, OSError) and error.strerror:  # without, it is a decompressor's
        why = error.strerror.lower()
        return f"{name} in {archive} cannot be unpacked ({why}). Copy {archive} again."
    return f"{name} in {archive} is damaged. Copy {archive} again."
