"""The hidden folder of deleted models, kept until they are restored or removed for good.

Each process moves what it deletes into a folder of its own and holds a lock beside it: a window
started meanwhile leaves that folder alone, because the deletion can still be undone.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path

from btgui.engine.disk.file_lock import holding, is_held


class DeletedModels:
    """The models deleted by this process, and those left behind by processes that have ended.

    Parameters
    ----------
    folder
        The folder of all deleted models; created when something is deleted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = ExitStack()  # holds the lock until this process ends, in whatever way
        self._own: Path | None = None

    def own_folder(self) -> Path:
        """Return (and create) the folder for the models that this process deletes.

        Raises
        ------
        OSError
            The folder cannot be created.
        """
        if self._own is None:
            own = self._folder / secrets.token_hex(8)
            self._folder.mkdir(parents=True, exist_ok=True)
            # The lock comes first: a folder without a held lock counts as left behind.
            self._held.enter_context(holding(_lock_of(own)))
            own.mkdir()
            self._own = own
        return self._own

    def purge(self) -> None:
        """Remove for good all models that no running process can restore.

        Models that cannot be removed now are left for the next call.
        """
        with suppress(OSError):
            for folder in [path for path in self._folder.iterdir() if path.is_dir()]:
                if not is_held(_lock_of(folder)):
                    shutil.rmtree(folder, ignore_errors=True)
                    _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    # Beside the folder: Windows does not remove a folder that holds an open file.
    return folder.with_name(f"{folder.name}.lock")
