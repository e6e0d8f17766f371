"""btgui: reads brain-MRI scans and shows why it says what it says."""

__version__ = "0.1.0"
