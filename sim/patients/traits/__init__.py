"""What virtual patients may have: one mechanism a file, each from data (a Trait) and composed with all others."""
