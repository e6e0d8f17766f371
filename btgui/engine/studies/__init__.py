"""Imaging studies: files sorted into patients, studies, series and volumes."""
