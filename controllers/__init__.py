"""Controllers: one law a file."""
