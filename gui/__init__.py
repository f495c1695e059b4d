"""The windows. PySide6 is imported through gui.qt only."""
