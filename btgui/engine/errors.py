"""Exceptions whose messages are written for users. This module imports nothing from the project."""


class BtguiError(Exception):
    """An expected failure. ``str(error)`` tells the user what is wrong and what to do."""


class ScanError(BtguiError):
    """A file that cannot be read as a scan."""


class ModelPackError(BtguiError):
    """A model pack that is damaged, unsafe or of an unknown form."""


class ModelNotFoundError(BtguiError):
    """A model id that the library does not hold."""


class ExportError(BtguiError):
    """A result that could not be written."""


class DatasetError(BtguiError):
    """A data set that cannot be used for training or evaluation."""


class TrainingError(BtguiError):
    """A training run that cannot continue."""


class RequestError(TrainingError):
    """A training request that cannot be carried out: resuming the run would fail again."""


class Cancelled(BtguiError):  # noqa: N818  (it is an outcome that the user chose, not an error)
    """The user stopped the work."""
