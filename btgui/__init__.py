"""btgui: classification of brain-MRI scans, explained by Grad-CAM heatmaps."""

__version__ = "0.1.0"
