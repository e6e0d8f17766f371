"""Models on disk: cards, packs, and the library of available models."""
