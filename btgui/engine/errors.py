"""Exceptions whose message a user can read. A leaf module: it imports nothing of the project."""


class BtguiError(Exception):
    """An expected failure. ``str(error)`` is a sentence that says what to do."""


class ScanError(BtguiError):
    """A file that cannot be read as a scan."""


class ModelPackError(BtguiError):
    """A model pack that is damaged, unsafe or not understood."""


class ModelNotFoundError(BtguiError):
    """A model asked for by an id that the library does not hold."""


class ExportError(BtguiError):
    """A result that could not be written."""


class DatasetError(BtguiError):
    """A data set that cannot be trained or evaluated on."""


class TrainingError(BtguiError):
    """A training run that could not go on."""


class RequestError(TrainingError):
    """What a run was asked for cannot be trained: gone on with, it would end so again."""


class Cancelled(BtguiError):  # noqa: N818  (it is an outcome that the user chose, not an error)
    """The user stopped the work."""
