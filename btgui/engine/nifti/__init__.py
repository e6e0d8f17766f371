"""NIfTI volumes (versions 1 and 2, Cox et al. 2004), by nibabel, as series of upright slices."""
