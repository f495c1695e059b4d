"""Plants: rigid-body engines behind one protocol."""
