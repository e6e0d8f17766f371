"""Where deleted models lie, unseen, until they are brought back or removed for good.

Each process puts what it deletes into a folder of its own and holds a lock beside it: another
window that starts meanwhile leaves that folder alone, for it may still be undone.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path

from btgui.engine.disk.file_lock import holding, is_held


class DeletedModels:
    """What this process deletes, and what ended processes left.

    Parameters
    ----------
    folder
        It is created when something is deleted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = ExitStack()  # until this process ends, in whatever way
        self._own: Path | None = None

    def own_folder(self) -> Path:
        """Return (and create) the folder of what this process deletes.

        Raises
        ------
        OSError
            The disk refuses.
        """
        if self._own is None:
            own = self._folder / secrets.token_hex(8)
            self._folder.mkdir(parents=True, exist_ok=True)
            # First the lock: a folder without one counts as left behind.
            self._held.enter_context(holding(_lock_of(own)))
            own.mkdir()
            self._own = own
        return self._own

    def purge(self) -> None:
        """Remove for good what no process may still bring back.

        What cannot be removed now stays for the next time.
        """
        with suppress(OSError):
            for folder in [path for path in self._folder.iterdir() if path.is_dir()]:
                if not is_held(_lock_of(folder)):
                    shutil.rmtree(folder, ignore_errors=True)
                    _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    # Beside it: Windows removes no folder that holds a file in use.
    return folder.with_name(f"{folder.name}.lock")
