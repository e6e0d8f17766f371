"""Models on disk: their cards, their packs, and the library of those at hand."""
