"""The model of the scan list, with thumbnails made only for visible rows."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QImage

from btgui.views.text import DOUBTED, plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader

VERDICT_ROLE = Qt.ItemDataRole.UserRole + 1
CLASS_ROLE = Qt.ItemDataRole.UserRole + 2
PATH_ROLE = Qt.ItemDataRole.UserRole + 3
_KEPT = 2000


class ScanListModel(QStringListModel):
    """A list of scan files: name, thumbnail, verdict and path by role.

    Qt's own list keeps the number of rows: a view that lays out tens of thousands of rows asks
    for it at each of them, and would block the window if Python had to answer.
    """

    def __init__(self, loader: ThumbnailLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._paths: list[Path] = []
        self._rows: dict[Path, int] = {}
        self._images: OrderedDict[Path, QImage] = OrderedDict()
        self._verdicts: dict[Path, tuple[str, int, str]] = {}
        loader.thumbnail_ready.connect(self._keep)

    def set_paths(self, paths: list[Path]) -> None:
        """Show these files, without verdicts: an earlier path may hold another picture now."""
        self._loader.forget()
        self._paths = list(paths)
        self._rows = {path: row for row, path in enumerate(self._paths)}
        self._images.clear()
        self._verdicts.clear()
        self.setStringList([path.name for path in self._paths])

    def paths(self) -> list[Path]:
        """Return the files in order."""
        return list(self._paths)

    def row_of(self, path: Path) -> int:
        """Return a file's row, -1 if it is not listed."""
        return self._rows.get(path, -1)

    def set_verdict(self, path: Path, name: str, class_index: int, doubts: str = "") -> None:
        """Show the verdict on a file; the tooltip says what makes it doubtful."""
        self._verdicts[path] = (f"{name}{DOUBTED if doubts else ''}", class_index, doubts)
        self._changed(path)

    def remove_verdict(self, path: Path) -> None:
        """Remove the verdict on a file."""
        if self._verdicts.pop(path, None) is not None:
            self._changed(path)

    def clear_verdicts(self) -> None:
        """Remove all verdicts."""
        self._verdicts.clear()
        if self._paths:
            self.dataChanged.emit(self.index(0), self.index(len(self._paths) - 1))

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Return that files can be selected here, but neither renamed nor dragged."""
        return QAbstractListModel.flags(self, index)

    def data(  # noqa: PLR0911  (one answer per role)
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the data of a file for a role; a missing thumbnail is requested."""
        if not index.isValid():
            return None
        path = self._paths[index.row()]
        verdict = self._verdicts.get(path)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return path.name
            case Qt.ItemDataRole.ToolTipRole:
                details = (verdict[0], verdict[2]) if verdict else ()
                return plain_tip("\n".join(filter(None, (str(path), *details))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{path.name}, {verdict[0]}" if verdict else path.name
            case Qt.ItemDataRole.DecorationRole:
                return self._thumbnail(path)
            case _ if role == VERDICT_ROLE:
                return verdict[0] if verdict else None
            case _ if role == CLASS_ROLE:
                return verdict[1] if verdict else None
            case _ if role == PATH_ROLE:
                return path
        return None

    def _thumbnail(self, path: Path) -> QImage | None:
        image = self._images.get(path)
        if image is None:
            self._loader.ask(path)
            return None
        self._images.move_to_end(path)
        return image

    def _keep(self, path: Path, image: QImage, _digest: str) -> None:
        if path not in self._rows:
            return
        self._images[path] = image
        if len(self._images) > _KEPT:
            self._images.popitem(last=False)
        self._changed(path)

    def _changed(self, path: Path) -> None:
        row = self.row_of(path)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))
