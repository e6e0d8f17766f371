"""Studies as radiologists have them: many files, sorted into patients, studies and series."""
