"""A photo from bytes, decoded at the size it is shown in, which is many times faster for a large JPEG."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui


def pixels(data: bytes, width: int, height: int) -> QtGui.QPixmap:
    """At most so large; null for what is no picture."""
    buffer = QtCore.QBuffer()
    buffer.setData(QtCore.QByteArray(data))
    buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
    reader = QtGui.QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and (size.width() > width or size.height() > height):
        reader.setScaledSize(size.scaled(QtCore.QSize(width, height), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return QtGui.QPixmap.fromImage(image) if not image.isNull() else QtGui.QPixmap()
