"""Parts of windows."""
