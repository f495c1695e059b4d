"""What the windows show, without any widget."""
